/* Reads images, rows of float32 values, and writes the logits after the last row of each. */
#include <stdio.h>
#include "digits.h"

enum { ROWS = 8 };

int main(void) {
  static digits_state state;
  float image[ROWS * digits_INPUT_SIZE], logits[ROWS * digits_OUTPUT_SIZE];
  while (fread(image, sizeof image, 1, stdin) == 1) {
    digits_reset(&state);
    digits_run(&state, ROWS, image, logits);
    fwrite(logits + (ROWS - 1) * digits_OUTPUT_SIZE, sizeof(float), digits_OUTPUT_SIZE, stdout);
  }
  return 0;
}
