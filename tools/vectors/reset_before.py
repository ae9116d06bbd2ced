"""The GRU whose reset gate acts on the state, before the recurrent product, which torch.nn does not have.

Parameters, their names and every shape are those of torch.nn.GRU and GRUCell; gradients are torch.autograd's.
"""

from pinned_torch import torch  # first, see there

from torch.nn.functional import linear
from torch.nn.utils.rnn import PackedSequence


def step(x, h, w_ih, w_hh, b_ih=None, b_hh=None):
    """The next state, for rows of x and h."""
    none = (None, None, None)
    w_hr, w_hz, w_hn = w_hh.chunk(3)
    b_hr, b_hz, b_hn = none if b_hh is None else b_hh.chunk(3)
    x_r, x_z, x_n = linear(x, w_ih, b_ih).chunk(3, -1)
    r = torch.sigmoid(x_r + linear(h, w_hr, b_hr))
    z = torch.sigmoid(x_z + linear(h, w_hz, b_hz))
    n = torch.tanh(x_n + linear(r * h, w_hn, b_hn))
    return (1 - z) * n + z * h


class ResetBeforeGRUCell(torch.nn.GRUCell):
    def forward(self, x, hx=None):
        h = x.new_zeros(x.shape[:-1] + (self.hidden_size,)) if hx is None else hx
        return step(x, h, *self.parameters())


class ResetBeforeGRU(torch.nn.GRU):
    def forward(self, sequence, hx=None):
        if isinstance(sequence, PackedSequence):
            rows, sizes, order, back = sequence
            states = hx if hx is None or order is None else hx[:, order]
            output, hn = self._layers(rows, sizes.tolist(), states)
            return sequence._replace(data=output), hn if back is None else hn[:, back]
        unbatched, swapped = sequence.dim() == 2, self.batch_first and sequence.dim() == 3
        x = sequence[:, None] if unbatched else sequence.transpose(0, 1) if swapped else sequence
        steps, batch, features = x.shape
        states = hx[:, None] if unbatched and hx is not None else hx
        output, hn = self._layers(x.reshape(steps * batch, features), [batch] * steps, states)
        output = output.reshape(steps, batch, -1)
        if unbatched:
            return output[:, 0], hn[:, 0]
        return output.transpose(0, 1) if swapped else output, hn

    def _layers(self, rows, sizes, states):
        """Rows step by step, the first `sizes[t]` sequences at step t, as in a packed sequence."""
        if states is None:
            states = rows.new_zeros(len(self.all_weights), sizes[0], self.hidden_size)
        directions = 2 if self.bidirectional else 1
        last = []
        for layer in range(self.num_layers):
            outputs = []
            for direction in range(directions):
                index = layer * directions + direction
                steps = list(enumerate(rows.split(sizes)))
                h, output = states[index], [None] * len(sizes)
                for t, x in reversed(steps) if direction else steps:
                    output[t] = step(x, h[: sizes[t]], *self.all_weights[index])
                    h = torch.cat([output[t], h[sizes[t] :]])
                outputs.append(torch.cat(output))
                last.append(h)
            rows = torch.cat(outputs, -1)
        return rows, torch.stack(last)
