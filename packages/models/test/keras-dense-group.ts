import { gunzipSync } from 'fflate';

/**
 * A file of HDF5 2.0, written by h5wasm 0.10.3: the group `layers` in order of creation has the datasets w0 to w11, each of
 * its own number, so many that its links lie in a fractal heap; `chunked` is 0 to 34 as [7, 5] in compressed chunks of [4, 3].
 */
export const denseGroup = (): Uint8Array => gunzipSync(new Uint8Array(Buffer.from(BASE64, 'base64')));

const BASE64: string =
  'H4sIAAAAAAACA+1aXWgcVRT+7p3Z2cnulm62GxPTtI412lqqzNamiWLI7rJZBimkZBcRpe2an9IS0aG1JCJtt1IhJbHYVMRShbRBG0FqpFJ8qa' +
  'xYJYpijQoSNCYaEnzYSl60Sm3M/NxpMsGfPoyt43yw3HO+PXNn5jtn7tx7dw8pqfSSQGWAiiIYZk1cvtPwZZOv4I880qSkmqn0eUOoY/6ni0bm' +
  'H8gQoCCAUAoQCI89+lT7rt3vm30JEY30t+7Y83hHe9tglUnfhWvDDzUPTOmXtM5+SW/TVXoEFzJD1ajR9vmN9h2zNS4SwD5cd9T3fHpAv51b7b' +
  'cDQqIAJYQQM5a1XBSkVLoFvO5JKBdRvh+Aj4JwATECcARmcnl2oiH85/Dd2TsiTmjDu0Ab5dffBpzQRnSBNrXv9RIntAm5QJuBrcUTTmgTdoE2' +
  'e1t7J6/HeZNZJQUfKBAE0LYmW2bwIbA32eT2LU16lKBFLTWiyu1RPSsPzqYzmUZQswNSBJZpWSyseCO58Jz5hjk6DsTjQD4O9M/ZhTgwPucjAY' +
  'QTgJQA5ETXaGsOB4SnpYlCYQjdSzHDSQ+qbTkZLX7pbnwvSBdVHgPH/Ie1SFXN5XagRVbbcmH1oMzln6Qv1BPlM5whHSP8m1rIQ+PDhSHaXYuZ' +
  'EuldnK/NX+LCs2gRVgvVADcjHteCvp4YLqjoToyT5/eR9jN1MVmti/UTvH6J/woePHjw4MGDh2uEE7O/qAtmf2O/rGpyQpsKF2hTvKA864Q2VS' +
  '7QZrhnbNQJbSQXaPPMz6eOp5uVzdB23ijCWLTjWDR9tmTR1jcLWrBVzj8DP+9IYqpLcHk14zbszn6bzigpoGjLCVnU02Z0QbK+GTN3DyuxsD12' +
  'dP1EMrspDZ+6/YsIdgIow06lfyWyuhmKVWWwVjfpc68+oW86lmGqcN/LOKqbF37qO4Ey3fxy5NwpTAO4CZklL32CBp39aPDKJH7X2W37o9MY0d' +
  'nBDyqmMaibh7flf8Q53Wzac1L03nH//gp+UxqC5RrJtArKTD5zjaRyzDWqxHrKjfrxMdeoFqtro2L8zDXSbyXcKIES5hp1EmCuUVdB5hoFdeit' +
  'I994+bsR51TVLhj/77+YvOKENmtcoM1E/a7lTmizzgXafPji6Gt/qk01QCkhbBBkQ6Xd/0utgsEQCNX1JfqAKZYDHOXOr7gqHsdE7LmhtNkyfX' +
  'ZjtrmxkYBf9PPr2r85VjZr4zYbz9n8h82422GrJRv2mnGSLc7en31OYo/jvVeIBw8ePHjw4MGDI0grqaT1tzgNW2teOU2s2RftlPvMpQbhiUXG' +
  'TlNGWrtznes/5hjJWeQ9UzwjeYvcQAVG+iyyhm0GEl6wyI1VpYz0W2RtXYSRokXWZZcxssQi783ezEi26cF1xmS1krHBq2ysd/n/MP9/AGfnCN' +
  '38KQAA';
