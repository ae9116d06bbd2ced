/* torch's GRU; see stream.h. */
#define GATES 3
#define STATES 1
#define FOLDED 2 /* b_hn stays inside the product with r */
#include "stream.h"

static void step(const struct layer *layer) {
  int H = layer->H;
  const float *Wx = layer->Wx, *Wh = layer->Wh;
  float *h = layer->states[0];
  for (int j = 0; j < H; j++) {
    float r = sigmoid(Wx[j] + Wh[j]);
    float z = sigmoid(Wx[H + j] + Wh[H + j]);
    float n = tanhf(Wx[2 * H + j] + r * (Wh[2 * H + j] + layer->b_h[2 * H + j]));
    h[j] = (1 - z) * n + z * h[j];
  }
}
