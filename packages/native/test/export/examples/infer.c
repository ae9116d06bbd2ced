#include <stdio.h>
#include "model.h"

int main(void) {
  static model_state state; // all the memory there is: no heap, and little stack
  float x[model_INPUT_SIZE] = {0.1f, 0.2f, 0.3f};
  float y[model_OUTPUT_SIZE];

  model_reset(&state);
  for (int step = 0; step < 4; step++) {
    model_step(&state, x, y);
    printf("%.9g\n", (double)y[0]);
  }
  return 0;
}
