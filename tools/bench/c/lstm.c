/* torch's LSTM; see stream.h. */
#define GATES 4
#define STATES 2
#define FOLDED 4
#include "stream.h"

static void step(const struct layer *layer) {
  int H = layer->H;
  const float *Wx = layer->Wx, *Wh = layer->Wh;
  float *h = layer->states[0], *c = layer->states[1];
  for (int j = 0; j < H; j++) {
    float i = sigmoid(Wx[j] + Wh[j]);
    float f = sigmoid(Wx[H + j] + Wh[H + j]);
    float g = tanhf(Wx[2 * H + j] + Wh[2 * H + j]);
    float o = sigmoid(Wx[3 * H + j] + Wh[3 * H + j]);
    c[j] = f * c[j] + i * g;
    h[j] = o * tanhf(c[j]);
  }
}
