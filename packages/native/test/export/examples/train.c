#include <stdio.h>
#include "model.h"

enum { STEPS = 8, PARAMETERS = sizeof(model_parameters) / sizeof(float) };

static model_parameters parameters, gradients;
static model_weights weights;
static model_backward_weights backward_weights;
static model_state state;
static model_adjoint adjoint;
static model_trace traces[STEPS];

/* Runs STEPS steps from the state on, learns from how far they are from what was wanted, and returns the loss. */
static float learn(float x[STEPS][model_INPUT_SIZE], float wanted[STEPS][model_OUTPUT_SIZE], float rate) {
  static float dy[STEPS][model_OUTPUT_SIZE];
  float y[model_OUTPUT_SIZE], dx[model_INPUT_SIZE], loss = 0.0f;

  model_prepare(&weights, &parameters);
  for (int t = 0; t < STEPS; t++) {
    model_record_step(&state, &weights, x[t], y, &traces[t]);
    for (int j = 0; j < model_OUTPUT_SIZE; j++) {
      dy[t][j] = y[j] - wanted[t][j]; /* the derivative of half the square */
      loss += 0.5f * dy[t][j] * dy[t][j];
    }
  }

  model_prepare_backward(&backward_weights, &parameters);
  model_adjoint_reset(&adjoint);
  memset(&gradients, 0, sizeof gradients);
  for (int t = STEPS - 1; t >= 0; t--) {
    model_backward_step(&adjoint, &backward_weights, &traces[t], dy[t], dx, &gradients);
  }

  float *const values = (float *)&parameters;
  const float *const slopes = (const float *)&gradients;
  for (int i = 0; i < PARAMETERS; i++) values[i] -= rate * slopes[i];
  return loss;
}

/* What is wanted is the input of the step before: three numbers that follow each other. */
int main(void) {
  static float x[STEPS][model_INPUT_SIZE], wanted[STEPS][model_OUTPUT_SIZE];
  float first = 0.0f, last = 0.0f;

  parameters = model_exported_parameters;
  model_reset(&state);
  for (int round = 0; round < 300; round++) {
    for (int t = 0; t < STEPS; t++) {
      const int step = round * STEPS + t;
      for (int j = 0; j < model_INPUT_SIZE; j++) x[t][j] = step % 3 == j ? 0.5f : 0.0f;
      for (int j = 0; j < model_INPUT_SIZE; j++) wanted[t][j] = (step + 2) % 3 == j ? 0.5f : 0.0f;
    }
    last = learn(x, wanted, 0.1f);
    if (round == 0) first = last;
  }
  printf("%s\n", last < first / 10.0f ? "learned" : "not learned");
  return 0;
}
