;; Generated from packages/spec/src/cells/rnn_tanh.ts by packages/wasm/codegen. Do not edit.
;; Regenerate with: npm run generate
;;
;; rnn_tanh(x[I], h[H]) -> h'
;;
;; h' = tanh(W_ih @ x + b_ih + W_hh @ h + b_hh)   # next state
;;
;; layout torch
;;   weight_ih = [W_ih]   weight_hh = [W_hh]
;;   bias_ih   = [b_ih]   bias_hh   = [b_hh]
;; layout onnx
;;   W = [W_ih]   R = [W_hh]   B = [b_ih; b_hh]
;; layout keras
;;   kernel = [W_ih]^T   recurrent_kernel = [W_hh]^T   bias = [b_ih + b_hh]

(module
  (memory (export "memory") 1)
  ;; The bytes that are made of the parameters.
  (func $weights_bytes (export "weights_bytes") (param $I f64) (param $H f64) (result f64)
    (f64.add
      (f64.add
        (f64.add
          (f64.mul (f64.ceil (f64.div (f64.mul (f64.const 4) (local.get $H)) (f64.const 16))) (f64.const 16))
          (f64.mul
            (f64.mul
              (f64.ceil (f64.div (f64.max (f64.const 64) (f64.mul (f64.const 4) (local.get $H))) (f64.const 32)))
              (f64.const 32))
            (local.get $I)))
        (f64.mul
          (f64.ceil (f64.div (f64.max (f64.const 64) (f64.mul (f64.const 4) (local.get $H))) (f64.const 32)))
          (f64.const 32)))
      (f64.mul
        (f64.mul
          (f64.ceil (f64.div (f64.max (f64.const 64) (f64.mul (f64.const 4) (local.get $H))) (f64.const 32)))
          (f64.const 32))
        (local.get $H))))
  ;; Working memory for sequences of `rows` rows, at most `batch` of them in a step.
  (func $scratch_bytes (export "scratch_bytes") (param $I f64) (param $H f64) (param $rows f64) (param $batch f64) (result f64)
    (f64.add
      (f64.add
        (f64.const 32)
        (f64.mul
          (f64.min (local.get $rows) (f64.max (f64.const 64) (local.get $batch)))
          (f64.mul
            (f64.ceil (f64.div (f64.max (f64.const 64) (f64.mul (f64.const 4) (local.get $H))) (f64.const 32)))
            (f64.const 32))))
      (f64.mul
        (local.get $batch)
        (f64.mul
          (f64.ceil (f64.div (f64.max (f64.const 64) (f64.mul (f64.const 4) (local.get $H))) (f64.const 32)))
          (f64.const 32)))))
  ;; Once for a set of parameters: computes what depends on nothing else, packs the matrices, and copies the rest.
  ;; The lanes that fill up a panel are zeros.
  (func $prepare (export "prepare") (param $I i32) (param $H i32) (param $weights i32) (param $weight_ih i32) (param $weight_hh i32) (param $bias_ih i32) (param $bias_hh i32)
    (local $b_hs i32) (local $W_x i32) (local $b_x i32) (local $W_h i32) (local $length i32) (local $b_ih.at0 i32)
    (local $b_hh.at1 i32) (local $b_h.at2 i32) (local $j i32) (local $left i32) (local $b_ih v128) (local $b_hh v128)
    (local $b_h v128)
    (memory.fill
      (local.get $weights)
      (i32.const 0)
      (i32.add
        (i32.add
          (i32.add
            (i32.and (i32.add (i32.mul (i32.const 4) (local.get $H)) (i32.const 15)) (i32.const -16))
            (i32.mul
              (i32.and
                (i32.add
                  (select
                    (i32.const 64)
                    (i32.mul (i32.const 4) (local.get $H))
                    (i32.gt_u (i32.const 64) (i32.mul (i32.const 4) (local.get $H))))
                  (i32.const 31))
                (i32.const -32))
              (local.get $I)))
          (i32.and
            (i32.add
              (select
                (i32.const 64)
                (i32.mul (i32.const 4) (local.get $H))
                (i32.gt_u (i32.const 64) (i32.mul (i32.const 4) (local.get $H))))
              (i32.const 31))
            (i32.const -32)))
        (i32.mul
          (i32.and
            (i32.add
              (select
                (i32.const 64)
                (i32.mul (i32.const 4) (local.get $H))
                (i32.gt_u (i32.const 64) (i32.mul (i32.const 4) (local.get $H))))
              (i32.const 31))
            (i32.const -32))
          (local.get $H))))
    ;; b_hs: b_h
    (local.set $b_hs (local.get $weights))
    ;; W_x: W_ih
    (local.set $W_x
      (i32.add
        (local.get $b_hs)
        (i32.and (i32.add (i32.mul (i32.const 4) (local.get $H)) (i32.const 15)) (i32.const -16))))
    ;; b_x: b_h
    (local.set $b_x
      (i32.add
        (local.get $W_x)
        (i32.mul
          (i32.and
            (i32.add
              (select
                (i32.const 64)
                (i32.mul (i32.const 4) (local.get $H))
                (i32.gt_u (i32.const 64) (i32.mul (i32.const 4) (local.get $H))))
              (i32.const 31))
            (i32.const -32))
          (local.get $I))))
    ;; W_h: W_hh
    (local.set $W_h
      (i32.add
        (local.get $b_x)
        (i32.and
          (i32.add
            (select
              (i32.const 64)
              (i32.mul (i32.const 4) (local.get $H))
              (i32.gt_u (i32.const 64) (i32.mul (i32.const 4) (local.get $H))))
            (i32.const 31))
          (i32.const -32))))
    (call $pack
      (local.get $weight_ih)
      (local.get $H)
      (local.get $I)
      (local.get $W_x)
      (i32.const 0)
      (i32.shr_u
        (i32.and
          (i32.add
            (select
              (i32.const 64)
              (i32.mul (i32.const 4) (local.get $H))
              (i32.gt_u (i32.const 64) (i32.mul (i32.const 4) (local.get $H))))
            (i32.const 31))
          (i32.const -32))
        (i32.const 4)))
    (call $pack
      (local.get $weight_hh)
      (local.get $H)
      (local.get $H)
      (local.get $W_h)
      (i32.const 0)
      (i32.shr_u
        (i32.and
          (i32.add
            (select
              (i32.const 64)
              (i32.mul (i32.const 4) (local.get $H))
              (i32.gt_u (i32.const 64) (i32.mul (i32.const 4) (local.get $H))))
            (i32.const 31))
          (i32.const -32))
        (i32.const 4)))
    (local.set $length (i32.mul (i32.const 4) (local.get $H)))
    (local.set $b_ih.at0 (local.get $bias_ih))
    (local.set $b_hh.at1 (local.get $bias_hh))
    (local.set $b_h.at2 (local.get $b_hs))
    (local.set $j (i32.const 0))
    (loop $elements
      (local.set $left (i32.sub (local.get $length) (local.get $j)))
      ;; b_h = b_ih + b_hh
      (local.set $b_ih (v128.load (i32.add (local.get $b_ih.at0) (local.get $j))))
      (local.set $b_hh (v128.load (i32.add (local.get $b_hh.at1) (local.get $j))))
      (local.set $b_h (f32x4.add (local.get $b_ih) (local.get $b_hh)))
      (if (i32.ge_u (local.get $left) (i32.const 16))
        (then
          (v128.store (i32.add (local.get $b_h.at2) (local.get $j)) (local.get $b_h)))
        (else
          (call $store_up_to (i32.add (local.get $b_h.at2) (local.get $j)) (local.get $b_h) (local.get $left))))
      (local.set $j (i32.add (local.get $j) (i32.const 16)))
      (br_if $elements (i32.lt_u (local.get $j) (local.get $length))))
    (memory.copy (local.get $b_x) (local.get $b_hs) (i32.mul (i32.const 4) (local.get $H))))
  ;; One step of `batch` rows, all of it: for streams. Overwrites the states.
  (func $step (export "step") (param $I i32) (param $H i32) (param $weights i32) (param $scratch i32) (param $batch i32) (param $xs i32) (param $hs i32) (param $h_nexts i32)
    (local $Wx i32) (local $Wh i32)
    ;; Wx: x_h
    (local.set $Wx (local.get $scratch))
    ;; Wh: h_h
    (local.set $Wh
      (i32.add
        (local.get $Wx)
        (i32.mul
          (local.get $batch)
          (i32.and
            (i32.add
              (select
                (i32.const 64)
                (i32.mul (i32.const 4) (local.get $H))
                (i32.gt_u (i32.const 64) (i32.mul (i32.const 4) (local.get $H))))
              (i32.const 31))
            (i32.const -32)))))
    (call $rows_1_forwards
      (local.get $I)
      (local.get $H)
      (local.get $weights)
      (local.get $xs)
      (local.get $Wx)
      (local.get $batch))
    (call $steps_2_forwards
      (local.get $I)
      (local.get $H)
      (local.get $weights)
      (local.get $hs)
      (local.get $Wh)
      (local.get $Wx)
      (local.get $h_nexts)
      (local.get $batch)))
  ;; A sequence of `rows` rows: step t is `batch_sizes[t]` (i32) of them. With `reverse` = 1 the forward pass runs from the
  ;; last step to the first, and the backward pass the other way round. Overwrites the states, or their adjoints.
  (func $run (export "run") (param $I i32) (param $H i32) (param $weights i32) (param $scratch i32) (param $batch_sizes i32) (param $steps i32) (param $rows i32) (param $reverse i32) (param $xs i32) (param $hs i32) (param $h_nexts i32)
    (local $batch i32) (local $capacity i32) (local $Wx i32) (local $Wh i32) (local $row i32) (local $t i32)
    (local $in_chunk i32) (local $end i32) (local $chunk i32)
    ;; The first step of a packed sequence is its largest.
    (local.set $batch (i32.load (i32.add (local.get $batch_sizes) (i32.mul (i32.const 0) (i32.const 4)))))
    (local.set $capacity
      (select
        (local.get $rows)
        (select (i32.const 64) (local.get $batch) (i32.gt_u (i32.const 64) (local.get $batch)))
        (i32.lt_u
          (local.get $rows)
          (select (i32.const 64) (local.get $batch) (i32.gt_u (i32.const 64) (local.get $batch))))))
    ;; Wx: x_h
    (local.set $Wx (local.get $scratch))
    ;; Wh: h_h
    (local.set $Wh
      (i32.add
        (local.get $Wx)
        (i32.mul
          (local.get $capacity)
          (i32.and
            (i32.add
              (select
                (i32.const 64)
                (i32.mul (i32.const 4) (local.get $H))
                (i32.gt_u (i32.const 64) (i32.mul (i32.const 4) (local.get $H))))
              (i32.const 31))
            (i32.const -32)))))
    (local.set $row (i32.mul (local.get $rows) (local.get $reverse)))
    (local.set $t (i32.const 0))
    (loop $chunks
      ;; As many steps as fit the chunk, at least one.
      (local.set $in_chunk (i32.const 0))
      (local.set $end (local.get $t))
      (loop $gather
        (local.set $in_chunk
          (i32.add
            (local.get $in_chunk)
            (i32.load
              (i32.add
                (local.get $batch_sizes)
                (i32.mul
                  (select
                    (i32.sub (i32.sub (local.get $steps) (local.get $end)) (i32.const 1))
                    (local.get $end)
                    (local.get $reverse))
                  (i32.const 4))))))
        (local.set $end (i32.add (local.get $end) (i32.const 1)))
        (br_if $gather
          (i32.and
            (i32.gt_u (local.get $steps) (local.get $end))
            (i32.le_u
              (i32.add
                (local.get $in_chunk)
                (i32.load
                  (i32.add
                    (local.get $batch_sizes)
                    (i32.mul
                      (select
                        (i32.sub
                          (i32.sub
                            (local.get $steps)
                            (select (local.get $end) (i32.const 0) (i32.gt_u (local.get $steps) (local.get $end))))
                          (i32.const 1))
                        (select (local.get $end) (i32.const 0) (i32.gt_u (local.get $steps) (local.get $end)))
                        (local.get $reverse))
                      (i32.const 4)))))
              (local.get $capacity)))))
      (local.set $chunk (i32.sub (local.get $row) (i32.mul (local.get $in_chunk) (local.get $reverse))))
      (call $rows_1_forwards
        (local.get $I)
        (local.get $H)
        (local.get $weights)
        (i32.add (local.get $xs) (i32.mul (local.get $chunk) (i32.mul (i32.const 4) (local.get $I))))
        (local.get $Wx)
        (local.get $in_chunk))
      (loop $next_step
        (local.set $batch
          (i32.load
            (i32.add
              (local.get $batch_sizes)
              (i32.mul
                (select
                  (i32.sub (i32.sub (local.get $steps) (local.get $t)) (i32.const 1))
                  (local.get $t)
                  (local.get $reverse))
                (i32.const 4)))))
        (local.set $row (i32.sub (local.get $row) (i32.mul (local.get $batch) (local.get $reverse))))
        (call $steps_2_forwards
          (local.get $I)
          (local.get $H)
          (local.get $weights)
          (local.get $hs)
          (local.get $Wh)
          (i32.add
            (local.get $Wx)
            (i32.mul
              (i32.sub (local.get $row) (local.get $chunk))
              (i32.and
                (i32.add
                  (select
                    (i32.const 64)
                    (i32.mul (i32.const 4) (local.get $H))
                    (i32.gt_u (i32.const 64) (i32.mul (i32.const 4) (local.get $H))))
                  (i32.const 31))
                (i32.const -32))))
          (i32.add (local.get $h_nexts) (i32.mul (local.get $row) (i32.mul (i32.const 4) (local.get $H))))
          (local.get $batch))
        (if (i32.eqz (local.get $reverse))
          (then
            (local.set $row (i32.add (local.get $row) (local.get $batch)))))
        (local.set $t (i32.add (local.get $t) (i32.const 1)))
        (br_if $next_step (i32.gt_u (local.get $end) (local.get $t))))
      (br_if $chunks (i32.gt_u (local.get $steps) (local.get $t)))))
  ;; What no step waits for, for `count` rows.
  (func $rows_1_forwards (param $I i32) (param $H i32) (param $weights i32) (param $xs i32) (param $Wx i32) (param $count i32)
    (local $W_x i32) (local $b_x i32)
    ;; W_x: W_ih
    (local.set $W_x
      (i32.add
        (local.get $weights)
        (i32.and (i32.add (i32.mul (i32.const 4) (local.get $H)) (i32.const 15)) (i32.const -16))))
    ;; b_x: b_h
    (local.set $b_x
      (i32.add
        (local.get $W_x)
        (i32.mul
          (i32.and
            (i32.add
              (select
                (i32.const 64)
                (i32.mul (i32.const 4) (local.get $H))
                (i32.gt_u (i32.const 64) (i32.mul (i32.const 4) (local.get $H))))
              (i32.const 31))
            (i32.const -32))
          (local.get $I))))
    ;; x_h = W_ih @ x + b_h
    (call $product
      (local.get $W_x)
      (i32.shr_u
        (i32.and
          (i32.add
            (select
              (i32.const 64)
              (i32.mul (i32.const 4) (local.get $H))
              (i32.gt_u (i32.const 64) (i32.mul (i32.const 4) (local.get $H))))
            (i32.const 31))
          (i32.const -32))
        (i32.const 4))
      (local.get $I)
      (local.get $xs)
      (i32.mul (i32.const 4) (local.get $I))
      (local.get $count)
      (local.get $Wx)
      (local.get $b_x)
      (i32.const 0)))
  ;; One step of `count` rows, forwards: overwrites what the loop hands on.
  (func $steps_2_forwards (param $I i32) (param $H i32) (param $weights i32) (param $hs i32) (param $Wh i32) (param $Wx i32) (param $h_nexts i32) (param $count i32)
    (local $W_h i32) (local $length i32) (local $x_h.at0 i32) (local $h_h.at1 i32) (local $h_next.at2 i32)
    (local $h_next.at3 i32) (local $-0 v128) (local $10 v128) (local $0.5 v128) (local $2.885390043258667 v128)
    (local $0.3465735912322998 v128) (local $0.04442404583096504 v128) (local $0.13386476039886475 v128)
    (local $0.33333760499954224 v128) (local $0.6666617393493652 v128) (local $0.9999999403953552 v128)
    (local $12583039 v128) (local $1 v128) (local $-0.006047165021300316 v128) (local $0.020912306383252144 v128)
    (local $-0.05381417274475098 v128) (local $0.1333223134279251 v128) (local $-0.3333330750465393 v128)
    (local $0.5799999833106995 v128) (local $row i32) (local $j i32) (local $left i32) (local $x_h v128)
    (local $x_h.2 v128) (local $h_h v128) (local $h_h.2 v128) (local $tanh.x v128) (local $tanh.x.2 v128)
    (local $tanh.y v128) (local $tanh.y.2 v128) (local $tanh.v v128) (local $tanh.v.2 v128) (local $tanh.k v128)
    (local $tanh.k.2 v128) (local $tanh.t v128) (local $tanh.t.2 v128) (local $tanh.z v128) (local $tanh.z.2 v128)
    (local $tanh.p v128) (local $tanh.p.2 v128) (local $tanh.q v128) (local $tanh.q.2 v128) (local $tanh.w v128)
    (local $tanh.w.2 v128) (local $tanh.g v128) (local $tanh.g.2 v128) (local $tanh.b v128) (local $tanh.b.2 v128)
    (local $tanh.f v128) (local $tanh.f.2 v128) (local $tanh.m v128) (local $tanh.m.2 v128) (local $h_next v128)
    (local $h_next.2 v128)
    ;; W_h: W_hh
    (local.set $W_h
      (i32.add
        (i32.add
          (i32.add
            (local.get $weights)
            (i32.and (i32.add (i32.mul (i32.const 4) (local.get $H)) (i32.const 15)) (i32.const -16)))
          (i32.mul
            (i32.and
              (i32.add
                (select
                  (i32.const 64)
                  (i32.mul (i32.const 4) (local.get $H))
                  (i32.gt_u (i32.const 64) (i32.mul (i32.const 4) (local.get $H))))
                (i32.const 31))
              (i32.const -32))
            (local.get $I)))
        (i32.and
          (i32.add
            (select
              (i32.const 64)
              (i32.mul (i32.const 4) (local.get $H))
              (i32.gt_u (i32.const 64) (i32.mul (i32.const 4) (local.get $H))))
            (i32.const 31))
          (i32.const -32))))
    ;; h_h = W_hh @ h
    (call $product
      (local.get $W_h)
      (i32.shr_u
        (i32.and
          (i32.add
            (select
              (i32.const 64)
              (i32.mul (i32.const 4) (local.get $H))
              (i32.gt_u (i32.const 64) (i32.mul (i32.const 4) (local.get $H))))
            (i32.const 31))
          (i32.const -32))
        (i32.const 4))
      (local.get $H)
      (local.get $hs)
      (i32.mul (i32.const 4) (local.get $H))
      (local.get $count)
      (local.get $Wh)
      (i32.const 0)
      (i32.const 0))
    (local.set $length (i32.mul (i32.const 4) (local.get $H)))
    (local.set $x_h.at0 (local.get $Wx))
    (local.set $h_h.at1 (local.get $Wh))
    (local.set $h_next.at2 (local.get $hs))
    (local.set $h_next.at3 (local.get $h_nexts))
    (local.set $-0 (f32x4.splat (f32.const -0)))
    (local.set $10 (f32x4.splat (f32.const 10)))
    (local.set $0.5 (f32x4.splat (f32.const 0.5)))
    (local.set $2.885390043258667 (f32x4.splat (f32.const 2.885390043258667)))
    (local.set $0.3465735912322998 (f32x4.splat (f32.const 0.3465735912322998)))
    (local.set $0.04442404583096504 (f32x4.splat (f32.const 0.04442404583096504)))
    (local.set $0.13386476039886475 (f32x4.splat (f32.const 0.13386476039886475)))
    (local.set $0.33333760499954224 (f32x4.splat (f32.const 0.33333760499954224)))
    (local.set $0.6666617393493652 (f32x4.splat (f32.const 0.6666617393493652)))
    (local.set $0.9999999403953552 (f32x4.splat (f32.const 0.9999999403953552)))
    (local.set $12583039 (f32x4.splat (f32.const 12583039)))
    (local.set $1 (f32x4.splat (f32.const 1)))
    (local.set $-0.006047165021300316 (f32x4.splat (f32.const -0.006047165021300316)))
    (local.set $0.020912306383252144 (f32x4.splat (f32.const 0.020912306383252144)))
    (local.set $-0.05381417274475098 (f32x4.splat (f32.const -0.05381417274475098)))
    (local.set $0.1333223134279251 (f32x4.splat (f32.const 0.1333223134279251)))
    (local.set $-0.3333330750465393 (f32x4.splat (f32.const -0.3333330750465393)))
    (local.set $0.5799999833106995 (f32x4.splat (f32.const 0.5799999833106995)))
    (local.set $row (local.get $count))
    (loop $rows
      (local.set $j (i32.const 0))
      (loop $elements
        (local.set $left (i32.sub (local.get $length) (local.get $j)))
        ;; h_next = tanh(x_h + h_h)
        (local.set $x_h (v128.load (i32.add (local.get $x_h.at0) (local.get $j))))
        (local.set $x_h.2 (v128.load offset=16 (i32.add (local.get $x_h.at0) (local.get $j))))
        (local.set $h_h (v128.load (i32.add (local.get $h_h.at1) (local.get $j))))
        (local.set $h_h.2 (v128.load offset=16 (i32.add (local.get $h_h.at1) (local.get $j))))
        (local.set $tanh.x (f32x4.add (local.get $x_h) (local.get $h_h)))
        (local.set $tanh.x.2 (f32x4.add (local.get $x_h.2) (local.get $h_h.2)))
        (local.set $tanh.y (v128.andnot (local.get $tanh.x) (local.get $-0)))
        (local.set $tanh.y.2 (v128.andnot (local.get $tanh.x.2) (local.get $-0)))
        (local.set $tanh.v (f32x4.pmin (local.get $tanh.y) (local.get $10)))
        (local.set $tanh.v.2 (f32x4.pmin (local.get $tanh.y.2) (local.get $10)))
        (local.set $tanh.k
          (f32x4.floor (f32x4.sub (local.get $0.5) (f32x4.mul (local.get $tanh.v) (local.get $2.885390043258667)))))
        (local.set $tanh.k.2
          (f32x4.floor (f32x4.sub (local.get $0.5) (f32x4.mul (local.get $tanh.v.2) (local.get $2.885390043258667)))))
        (local.set $tanh.t
          (f32x4.add (local.get $tanh.v) (f32x4.mul (local.get $tanh.k) (local.get $0.3465735912322998))))
        (local.set $tanh.t.2
          (f32x4.add (local.get $tanh.v.2) (f32x4.mul (local.get $tanh.k.2) (local.get $0.3465735912322998))))
        (local.set $tanh.z (f32x4.mul (local.get $tanh.t) (local.get $tanh.t)))
        (local.set $tanh.z.2 (f32x4.mul (local.get $tanh.t.2) (local.get $tanh.t.2)))
        (local.set $tanh.p
          (f32x4.add
            (local.get $tanh.t)
            (f32x4.mul
              (local.get $tanh.z)
              (f32x4.add
                (f32x4.mul
                  (f32x4.add
                    (f32x4.mul (local.get $0.04442404583096504) (local.get $tanh.z))
                    (f32x4.add
                      (f32x4.mul (local.get $0.13386476039886475) (local.get $tanh.t))
                      (local.get $0.33333760499954224)))
                  (local.get $tanh.z))
                (f32x4.add
                  (f32x4.mul (local.get $0.6666617393493652) (local.get $tanh.t))
                  (local.get $0.9999999403953552))))))
        (local.set $tanh.p.2
          (f32x4.add
            (local.get $tanh.t.2)
            (f32x4.mul
              (local.get $tanh.z.2)
              (f32x4.add
                (f32x4.mul
                  (f32x4.add
                    (f32x4.mul (local.get $0.04442404583096504) (local.get $tanh.z.2))
                    (f32x4.add
                      (f32x4.mul (local.get $0.13386476039886475) (local.get $tanh.t.2))
                      (local.get $0.33333760499954224)))
                  (local.get $tanh.z.2))
                (f32x4.add
                  (f32x4.mul (local.get $0.6666617393493652) (local.get $tanh.t.2))
                  (local.get $0.9999999403953552))))))
        (local.set $tanh.q (i32x4.shl (f32x4.add (local.get $tanh.k) (local.get $12583039)) (i32.const 23)))
        (local.set $tanh.q.2 (i32x4.shl (f32x4.add (local.get $tanh.k.2) (local.get $12583039)) (i32.const 23)))
        (local.set $tanh.w
          (f32x4.sub
            (local.get $1)
            (f32x4.div
              (local.get $tanh.q)
              (f32x4.add
                (f32x4.add (f32x4.mul (local.get $0.5) (local.get $tanh.q)) (local.get $0.5))
                (local.get $tanh.p)))))
        (local.set $tanh.w.2
          (f32x4.sub
            (local.get $1)
            (f32x4.div
              (local.get $tanh.q.2)
              (f32x4.add
                (f32x4.add (f32x4.mul (local.get $0.5) (local.get $tanh.q.2)) (local.get $0.5))
                (local.get $tanh.p.2)))))
        (local.set $tanh.g (f32x4.pmin (local.get $tanh.w) (local.get $tanh.x)))
        (local.set $tanh.g.2 (f32x4.pmin (local.get $tanh.w.2) (local.get $tanh.x.2)))
        (local.set $tanh.b (f32x4.pmax (v128.xor (local.get $tanh.w) (local.get $-0)) (local.get $tanh.g)))
        (local.set $tanh.b.2 (f32x4.pmax (v128.xor (local.get $tanh.w.2) (local.get $-0)) (local.get $tanh.g.2)))
        (local.set $tanh.f (f32x4.mul (local.get $tanh.x) (local.get $tanh.x)))
        (local.set $tanh.f.2 (f32x4.mul (local.get $tanh.x.2) (local.get $tanh.x.2)))
        (local.set $tanh.m
          (f32x4.mul
            (local.get $tanh.x)
            (f32x4.add
              (local.get $1)
              (f32x4.mul
                (local.get $tanh.f)
                (f32x4.add
                  (f32x4.mul
                    (f32x4.add
                      (f32x4.mul
                        (f32x4.add
                          (f32x4.mul
                            (f32x4.add
                              (f32x4.mul (local.get $-0.006047165021300316) (local.get $tanh.f))
                              (local.get $0.020912306383252144))
                            (local.get $tanh.f))
                          (local.get $-0.05381417274475098))
                        (local.get $tanh.f))
                      (local.get $0.1333223134279251))
                    (local.get $tanh.f))
                  (local.get $-0.3333330750465393))))))
        (local.set $tanh.m.2
          (f32x4.mul
            (local.get $tanh.x.2)
            (f32x4.add
              (local.get $1)
              (f32x4.mul
                (local.get $tanh.f.2)
                (f32x4.add
                  (f32x4.mul
                    (f32x4.add
                      (f32x4.mul
                        (f32x4.add
                          (f32x4.mul
                            (f32x4.add
                              (f32x4.mul (local.get $-0.006047165021300316) (local.get $tanh.f.2))
                              (local.get $0.020912306383252144))
                            (local.get $tanh.f.2))
                          (local.get $-0.05381417274475098))
                        (local.get $tanh.f.2))
                      (local.get $0.1333223134279251))
                    (local.get $tanh.f.2))
                  (local.get $-0.3333330750465393))))))
        (local.set $h_next
          (v128.bitselect
            (local.get $tanh.m)
            (local.get $tanh.b)
            (f32x4.lt (local.get $tanh.y) (local.get $0.5799999833106995))))
        (local.set $h_next.2
          (v128.bitselect
            (local.get $tanh.m.2)
            (local.get $tanh.b.2)
            (f32x4.lt (local.get $tanh.y.2) (local.get $0.5799999833106995))))
        (if (i32.ge_u (local.get $left) (i32.const 32))
          (then
            (v128.store (i32.add (local.get $h_next.at2) (local.get $j)) (local.get $h_next))
            (v128.store (i32.add (local.get $h_next.at3) (local.get $j)) (local.get $h_next))
            (v128.store offset=16 (i32.add (local.get $h_next.at2) (local.get $j)) (local.get $h_next.2))
            (v128.store offset=16 (i32.add (local.get $h_next.at3) (local.get $j)) (local.get $h_next.2)))
          (else
            (call $store_up_to (i32.add (local.get $h_next.at2) (local.get $j)) (local.get $h_next) (local.get $left))
            (call $store_up_to (i32.add (local.get $h_next.at3) (local.get $j)) (local.get $h_next) (local.get $left))
            (call $store_up_to
              (i32.add (i32.add (local.get $h_next.at2) (local.get $j)) (i32.const 16))
              (local.get $h_next.2)
              (i32.sub (local.get $left) (i32.const 16)))
            (call $store_up_to
              (i32.add (i32.add (local.get $h_next.at3) (local.get $j)) (i32.const 16))
              (local.get $h_next.2)
              (i32.sub (local.get $left) (i32.const 16)))))
        (local.set $j (i32.add (local.get $j) (i32.const 32)))
        (br_if $elements (i32.lt_u (local.get $j) (local.get $length))))
      (local.set $x_h.at0
        (i32.add
          (local.get $x_h.at0)
          (i32.and
            (i32.add
              (select
                (i32.const 64)
                (i32.mul (i32.const 4) (local.get $H))
                (i32.gt_u (i32.const 64) (i32.mul (i32.const 4) (local.get $H))))
              (i32.const 31))
            (i32.const -32))))
      (local.set $h_h.at1
        (i32.add
          (local.get $h_h.at1)
          (i32.and
            (i32.add
              (select
                (i32.const 64)
                (i32.mul (i32.const 4) (local.get $H))
                (i32.gt_u (i32.const 64) (i32.mul (i32.const 4) (local.get $H))))
              (i32.const 31))
            (i32.const -32))))
      (local.set $h_next.at2 (i32.add (local.get $h_next.at2) (i32.mul (i32.const 4) (local.get $H))))
      (local.set $h_next.at3 (i32.add (local.get $h_next.at3) (i32.mul (i32.const 4) (local.get $H))))
      (local.set $row (i32.sub (local.get $row) (i32.const 1)))
      (br_if $rows (local.get $row))))
  ;; 1 × 8 sums of `count` products, from +0 in the order of the columns, of panels 8 vectors wide. Where
  ;; they are not the first block's they are added to the total that stands in `out`; where `bias` is not 0 the bias is
  ;; added at last. The branches amid the products are never taken: they keep compilers from moving arithmetic past them.
  (func $tile_1x8 (param $W i32) (param $v_0 i32) (param $count i32) (param $out_0 i32) (param $first i32) (param $bias i32)
    (local $sum_0_0 v128) (local $sum_0_1 v128) (local $sum_0_2 v128) (local $sum_0_3 v128) (local $sum_0_4 v128)
    (local $sum_0_5 v128) (local $sum_0_6 v128) (local $sum_0_7 v128) (local $element_0 v128)
    (local.set $sum_0_0 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_1 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_2 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_3 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_4 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_5 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_6 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_7 (f32x4.splat (f32.const 0)))
    (block $done
      (if (local.get $count)
        (then
          (loop $next_count
            (local.set $element_0 (v128.load32_splat (local.get $v_0)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (v128.load (local.get $W)) (local.get $element_0))))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (v128.load offset=16 (local.get $W)) (local.get $element_0))))
            (local.set $sum_0_2
              (f32x4.add (local.get $sum_0_2) (f32x4.mul (v128.load offset=32 (local.get $W)) (local.get $element_0))))
            (local.set $sum_0_3
              (f32x4.add (local.get $sum_0_3) (f32x4.mul (v128.load offset=48 (local.get $W)) (local.get $element_0))))
            (br_if $done (i32.eqz (i32.popcnt (i32.const 1))))
            (local.set $sum_0_4
              (f32x4.add (local.get $sum_0_4) (f32x4.mul (v128.load offset=64 (local.get $W)) (local.get $element_0))))
            (local.set $sum_0_5
              (f32x4.add (local.get $sum_0_5) (f32x4.mul (v128.load offset=80 (local.get $W)) (local.get $element_0))))
            (local.set $sum_0_6
              (f32x4.add (local.get $sum_0_6) (f32x4.mul (v128.load offset=96 (local.get $W)) (local.get $element_0))))
            (local.set $sum_0_7
              (f32x4.add
                (local.get $sum_0_7)
                (f32x4.mul (v128.load offset=112 (local.get $W)) (local.get $element_0))))
            (local.set $W (i32.add (local.get $W) (i32.const 128)))
            (local.set $v_0 (i32.add (local.get $v_0) (i32.const 4)))
            (local.set $count (i32.sub (local.get $count) (i32.const 1)))
            (br_if $next_count (local.get $count))))))
    (if (i32.eqz (local.get $first))
      (then
        (local.set $sum_0_0 (f32x4.add (v128.load (local.get $out_0)) (local.get $sum_0_0)))
        (local.set $sum_0_1 (f32x4.add (v128.load offset=16 (local.get $out_0)) (local.get $sum_0_1)))
        (local.set $sum_0_2 (f32x4.add (v128.load offset=32 (local.get $out_0)) (local.get $sum_0_2)))
        (local.set $sum_0_3 (f32x4.add (v128.load offset=48 (local.get $out_0)) (local.get $sum_0_3)))
        (local.set $sum_0_4 (f32x4.add (v128.load offset=64 (local.get $out_0)) (local.get $sum_0_4)))
        (local.set $sum_0_5 (f32x4.add (v128.load offset=80 (local.get $out_0)) (local.get $sum_0_5)))
        (local.set $sum_0_6 (f32x4.add (v128.load offset=96 (local.get $out_0)) (local.get $sum_0_6)))
        (local.set $sum_0_7 (f32x4.add (v128.load offset=112 (local.get $out_0)) (local.get $sum_0_7)))))
    (if (local.get $bias)
      (then
        (local.set $sum_0_0 (f32x4.add (v128.load (local.get $bias)) (local.get $sum_0_0)))
        (local.set $sum_0_1 (f32x4.add (v128.load offset=16 (local.get $bias)) (local.get $sum_0_1)))
        (local.set $sum_0_2 (f32x4.add (v128.load offset=32 (local.get $bias)) (local.get $sum_0_2)))
        (local.set $sum_0_3 (f32x4.add (v128.load offset=48 (local.get $bias)) (local.get $sum_0_3)))
        (local.set $sum_0_4 (f32x4.add (v128.load offset=64 (local.get $bias)) (local.get $sum_0_4)))
        (local.set $sum_0_5 (f32x4.add (v128.load offset=80 (local.get $bias)) (local.get $sum_0_5)))
        (local.set $sum_0_6 (f32x4.add (v128.load offset=96 (local.get $bias)) (local.get $sum_0_6)))
        (local.set $sum_0_7 (f32x4.add (v128.load offset=112 (local.get $bias)) (local.get $sum_0_7)))))
    (v128.store (local.get $out_0) (local.get $sum_0_0))
    (v128.store offset=16 (local.get $out_0) (local.get $sum_0_1))
    (v128.store offset=32 (local.get $out_0) (local.get $sum_0_2))
    (v128.store offset=48 (local.get $out_0) (local.get $sum_0_3))
    (v128.store offset=64 (local.get $out_0) (local.get $sum_0_4))
    (v128.store offset=80 (local.get $out_0) (local.get $sum_0_5))
    (v128.store offset=96 (local.get $out_0) (local.get $sum_0_6))
    (v128.store offset=112 (local.get $out_0) (local.get $sum_0_7)))
  ;; 1 × 6 sums of `count` products, from +0 in the order of the columns, of panels 6 vectors wide. Where
  ;; they are not the first block's they are added to the total that stands in `out`; where `bias` is not 0 the bias is
  ;; added at last. The branches amid the products are never taken: they keep compilers from moving arithmetic past them.
  (func $tile_1x6 (param $W i32) (param $v_0 i32) (param $count i32) (param $out_0 i32) (param $first i32) (param $bias i32)
    (local $sum_0_0 v128) (local $sum_0_1 v128) (local $sum_0_2 v128) (local $sum_0_3 v128) (local $sum_0_4 v128)
    (local $sum_0_5 v128) (local $element_0 v128)
    (local.set $sum_0_0 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_1 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_2 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_3 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_4 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_5 (f32x4.splat (f32.const 0)))
    (block $done
      (if (local.get $count)
        (then
          (loop $next_count
            (local.set $element_0 (v128.load32_splat (local.get $v_0)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (v128.load (local.get $W)) (local.get $element_0))))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (v128.load offset=16 (local.get $W)) (local.get $element_0))))
            (local.set $sum_0_2
              (f32x4.add (local.get $sum_0_2) (f32x4.mul (v128.load offset=32 (local.get $W)) (local.get $element_0))))
            (br_if $done (i32.eqz (i32.popcnt (i32.const 1))))
            (local.set $sum_0_3
              (f32x4.add (local.get $sum_0_3) (f32x4.mul (v128.load offset=48 (local.get $W)) (local.get $element_0))))
            (local.set $sum_0_4
              (f32x4.add (local.get $sum_0_4) (f32x4.mul (v128.load offset=64 (local.get $W)) (local.get $element_0))))
            (local.set $sum_0_5
              (f32x4.add (local.get $sum_0_5) (f32x4.mul (v128.load offset=80 (local.get $W)) (local.get $element_0))))
            (local.set $W (i32.add (local.get $W) (i32.const 96)))
            (local.set $v_0 (i32.add (local.get $v_0) (i32.const 4)))
            (local.set $count (i32.sub (local.get $count) (i32.const 1)))
            (br_if $next_count (local.get $count))))))
    (if (i32.eqz (local.get $first))
      (then
        (local.set $sum_0_0 (f32x4.add (v128.load (local.get $out_0)) (local.get $sum_0_0)))
        (local.set $sum_0_1 (f32x4.add (v128.load offset=16 (local.get $out_0)) (local.get $sum_0_1)))
        (local.set $sum_0_2 (f32x4.add (v128.load offset=32 (local.get $out_0)) (local.get $sum_0_2)))
        (local.set $sum_0_3 (f32x4.add (v128.load offset=48 (local.get $out_0)) (local.get $sum_0_3)))
        (local.set $sum_0_4 (f32x4.add (v128.load offset=64 (local.get $out_0)) (local.get $sum_0_4)))
        (local.set $sum_0_5 (f32x4.add (v128.load offset=80 (local.get $out_0)) (local.get $sum_0_5)))))
    (if (local.get $bias)
      (then
        (local.set $sum_0_0 (f32x4.add (v128.load (local.get $bias)) (local.get $sum_0_0)))
        (local.set $sum_0_1 (f32x4.add (v128.load offset=16 (local.get $bias)) (local.get $sum_0_1)))
        (local.set $sum_0_2 (f32x4.add (v128.load offset=32 (local.get $bias)) (local.get $sum_0_2)))
        (local.set $sum_0_3 (f32x4.add (v128.load offset=48 (local.get $bias)) (local.get $sum_0_3)))
        (local.set $sum_0_4 (f32x4.add (v128.load offset=64 (local.get $bias)) (local.get $sum_0_4)))
        (local.set $sum_0_5 (f32x4.add (v128.load offset=80 (local.get $bias)) (local.get $sum_0_5)))))
    (v128.store (local.get $out_0) (local.get $sum_0_0))
    (v128.store offset=16 (local.get $out_0) (local.get $sum_0_1))
    (v128.store offset=32 (local.get $out_0) (local.get $sum_0_2))
    (v128.store offset=48 (local.get $out_0) (local.get $sum_0_3))
    (v128.store offset=64 (local.get $out_0) (local.get $sum_0_4))
    (v128.store offset=80 (local.get $out_0) (local.get $sum_0_5)))
  ;; 1 × 4 sums of `count` products, from +0 in the order of the columns, of panels 4 vectors wide. Where
  ;; they are not the first block's they are added to the total that stands in `out`; where `bias` is not 0 the bias is
  ;; added at last. The branches amid the products are never taken: they keep compilers from moving arithmetic past them.
  (func $tile_1x4 (param $W i32) (param $v_0 i32) (param $count i32) (param $out_0 i32) (param $first i32) (param $bias i32)
    (local $sum_0_0 v128) (local $sum_0_1 v128) (local $sum_0_2 v128) (local $sum_0_3 v128) (local $element_0 v128)
    (local.set $sum_0_0 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_1 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_2 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_3 (f32x4.splat (f32.const 0)))
    (block $done
      (if (local.get $count)
        (then
          (loop $next_count
            (local.set $element_0 (v128.load32_splat (local.get $v_0)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (v128.load (local.get $W)) (local.get $element_0))))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (v128.load offset=16 (local.get $W)) (local.get $element_0))))
            (br_if $done (i32.eqz (i32.popcnt (i32.const 1))))
            (local.set $sum_0_2
              (f32x4.add (local.get $sum_0_2) (f32x4.mul (v128.load offset=32 (local.get $W)) (local.get $element_0))))
            (local.set $sum_0_3
              (f32x4.add (local.get $sum_0_3) (f32x4.mul (v128.load offset=48 (local.get $W)) (local.get $element_0))))
            (local.set $W (i32.add (local.get $W) (i32.const 64)))
            (local.set $v_0 (i32.add (local.get $v_0) (i32.const 4)))
            (local.set $count (i32.sub (local.get $count) (i32.const 1)))
            (br_if $next_count (local.get $count))))))
    (if (i32.eqz (local.get $first))
      (then
        (local.set $sum_0_0 (f32x4.add (v128.load (local.get $out_0)) (local.get $sum_0_0)))
        (local.set $sum_0_1 (f32x4.add (v128.load offset=16 (local.get $out_0)) (local.get $sum_0_1)))
        (local.set $sum_0_2 (f32x4.add (v128.load offset=32 (local.get $out_0)) (local.get $sum_0_2)))
        (local.set $sum_0_3 (f32x4.add (v128.load offset=48 (local.get $out_0)) (local.get $sum_0_3)))))
    (if (local.get $bias)
      (then
        (local.set $sum_0_0 (f32x4.add (v128.load (local.get $bias)) (local.get $sum_0_0)))
        (local.set $sum_0_1 (f32x4.add (v128.load offset=16 (local.get $bias)) (local.get $sum_0_1)))
        (local.set $sum_0_2 (f32x4.add (v128.load offset=32 (local.get $bias)) (local.get $sum_0_2)))
        (local.set $sum_0_3 (f32x4.add (v128.load offset=48 (local.get $bias)) (local.get $sum_0_3)))))
    (v128.store (local.get $out_0) (local.get $sum_0_0))
    (v128.store offset=16 (local.get $out_0) (local.get $sum_0_1))
    (v128.store offset=32 (local.get $out_0) (local.get $sum_0_2))
    (v128.store offset=48 (local.get $out_0) (local.get $sum_0_3)))
  ;; 2 × 4 sums of `count` products, from +0 in the order of the columns, of panels 8 vectors wide. Where
  ;; they are not the first block's they are added to the total that stands in `out`; where `bias` is not 0 the bias is
  ;; added at last. The branches amid the products are never taken: they keep compilers from moving arithmetic past them.
  (func $tile_2x4 (param $W i32) (param $v_0 i32) (param $count i32) (param $out_0 i32) (param $first i32) (param $bias i32) (param $v_stride i32) (param $out_stride i32)
    (local $v_1 i32) (local $out_1 i32) (local $sum_0_0 v128) (local $sum_0_1 v128) (local $sum_0_2 v128)
    (local $sum_0_3 v128) (local $sum_1_0 v128) (local $sum_1_1 v128) (local $sum_1_2 v128) (local $sum_1_3 v128)
    (local $turns i32) (local $element_0 v128) (local $element_1 v128) (local $weight v128)
    (local.set $v_1 (i32.add (local.get $v_0) (local.get $v_stride)))
    (local.set $out_1 (i32.add (local.get $out_0) (local.get $out_stride)))
    (local.set $sum_0_0 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_1 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_2 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_3 (f32x4.splat (f32.const 0)))
    (local.set $sum_1_0 (f32x4.splat (f32.const 0)))
    (local.set $sum_1_1 (f32x4.splat (f32.const 0)))
    (local.set $sum_1_2 (f32x4.splat (f32.const 0)))
    (local.set $sum_1_3 (f32x4.splat (f32.const 0)))
    (block $done
      (local.set $turns (i32.shr_u (local.get $count) (i32.const 2)))
      (if (local.get $turns)
        (then
          (loop $next_turns
            (local.set $element_0 (v128.load32_splat (local.get $v_0)))
            (local.set $element_1 (v128.load32_splat (local.get $v_1)))
            (local.set $weight (v128.load (local.get $W)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_0
              (f32x4.add (local.get $sum_1_0) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=16 (local.get $W)))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_1
              (f32x4.add (local.get $sum_1_1) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=32 (local.get $W)))
            (local.set $sum_0_2
              (f32x4.add (local.get $sum_0_2) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_2
              (f32x4.add (local.get $sum_1_2) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=48 (local.get $W)))
            (local.set $sum_0_3
              (f32x4.add (local.get $sum_0_3) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_3
              (f32x4.add (local.get $sum_1_3) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (br_if $done (i32.eqz (i32.popcnt (i32.const 1))))
            (local.set $element_0 (v128.load32_splat offset=4 (local.get $v_0)))
            (local.set $element_1 (v128.load32_splat offset=4 (local.get $v_1)))
            (local.set $weight (v128.load offset=128 (local.get $W)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_0
              (f32x4.add (local.get $sum_1_0) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=144 (local.get $W)))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_1
              (f32x4.add (local.get $sum_1_1) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=160 (local.get $W)))
            (local.set $sum_0_2
              (f32x4.add (local.get $sum_0_2) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_2
              (f32x4.add (local.get $sum_1_2) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=176 (local.get $W)))
            (local.set $sum_0_3
              (f32x4.add (local.get $sum_0_3) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_3
              (f32x4.add (local.get $sum_1_3) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (br_if $done (i32.eqz (i32.popcnt (i32.const 2))))
            (local.set $element_0 (v128.load32_splat offset=8 (local.get $v_0)))
            (local.set $element_1 (v128.load32_splat offset=8 (local.get $v_1)))
            (local.set $weight (v128.load offset=256 (local.get $W)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_0
              (f32x4.add (local.get $sum_1_0) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=272 (local.get $W)))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_1
              (f32x4.add (local.get $sum_1_1) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=288 (local.get $W)))
            (local.set $sum_0_2
              (f32x4.add (local.get $sum_0_2) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_2
              (f32x4.add (local.get $sum_1_2) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=304 (local.get $W)))
            (local.set $sum_0_3
              (f32x4.add (local.get $sum_0_3) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_3
              (f32x4.add (local.get $sum_1_3) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (br_if $done (i32.eqz (i32.popcnt (i32.const 3))))
            (local.set $element_0 (v128.load32_splat offset=12 (local.get $v_0)))
            (local.set $element_1 (v128.load32_splat offset=12 (local.get $v_1)))
            (local.set $weight (v128.load offset=384 (local.get $W)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_0
              (f32x4.add (local.get $sum_1_0) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=400 (local.get $W)))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_1
              (f32x4.add (local.get $sum_1_1) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=416 (local.get $W)))
            (local.set $sum_0_2
              (f32x4.add (local.get $sum_0_2) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_2
              (f32x4.add (local.get $sum_1_2) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=432 (local.get $W)))
            (local.set $sum_0_3
              (f32x4.add (local.get $sum_0_3) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_3
              (f32x4.add (local.get $sum_1_3) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $W (i32.add (local.get $W) (i32.const 512)))
            (local.set $v_0 (i32.add (local.get $v_0) (i32.const 16)))
            (local.set $v_1 (i32.add (local.get $v_1) (i32.const 16)))
            (local.set $turns (i32.sub (local.get $turns) (i32.const 1)))
            (br_if $next_turns (local.get $turns)))))
      (local.set $count (i32.and (local.get $count) (i32.const 3)))
      (if (local.get $count)
        (then
          (loop $next_count
            (local.set $element_0 (v128.load32_splat (local.get $v_0)))
            (local.set $element_1 (v128.load32_splat (local.get $v_1)))
            (local.set $weight (v128.load (local.get $W)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_0
              (f32x4.add (local.get $sum_1_0) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=16 (local.get $W)))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_1
              (f32x4.add (local.get $sum_1_1) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=32 (local.get $W)))
            (local.set $sum_0_2
              (f32x4.add (local.get $sum_0_2) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_2
              (f32x4.add (local.get $sum_1_2) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=48 (local.get $W)))
            (local.set $sum_0_3
              (f32x4.add (local.get $sum_0_3) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_3
              (f32x4.add (local.get $sum_1_3) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $W (i32.add (local.get $W) (i32.const 128)))
            (local.set $v_0 (i32.add (local.get $v_0) (i32.const 4)))
            (local.set $v_1 (i32.add (local.get $v_1) (i32.const 4)))
            (local.set $count (i32.sub (local.get $count) (i32.const 1)))
            (br_if $next_count (local.get $count))))))
    (if (i32.eqz (local.get $first))
      (then
        (local.set $sum_0_0 (f32x4.add (v128.load (local.get $out_0)) (local.get $sum_0_0)))
        (local.set $sum_0_1 (f32x4.add (v128.load offset=16 (local.get $out_0)) (local.get $sum_0_1)))
        (local.set $sum_0_2 (f32x4.add (v128.load offset=32 (local.get $out_0)) (local.get $sum_0_2)))
        (local.set $sum_0_3 (f32x4.add (v128.load offset=48 (local.get $out_0)) (local.get $sum_0_3)))
        (local.set $sum_1_0 (f32x4.add (v128.load (local.get $out_1)) (local.get $sum_1_0)))
        (local.set $sum_1_1 (f32x4.add (v128.load offset=16 (local.get $out_1)) (local.get $sum_1_1)))
        (local.set $sum_1_2 (f32x4.add (v128.load offset=32 (local.get $out_1)) (local.get $sum_1_2)))
        (local.set $sum_1_3 (f32x4.add (v128.load offset=48 (local.get $out_1)) (local.get $sum_1_3)))))
    (if (local.get $bias)
      (then
        (local.set $sum_0_0 (f32x4.add (v128.load (local.get $bias)) (local.get $sum_0_0)))
        (local.set $sum_0_1 (f32x4.add (v128.load offset=16 (local.get $bias)) (local.get $sum_0_1)))
        (local.set $sum_0_2 (f32x4.add (v128.load offset=32 (local.get $bias)) (local.get $sum_0_2)))
        (local.set $sum_0_3 (f32x4.add (v128.load offset=48 (local.get $bias)) (local.get $sum_0_3)))
        (local.set $sum_1_0 (f32x4.add (v128.load (local.get $bias)) (local.get $sum_1_0)))
        (local.set $sum_1_1 (f32x4.add (v128.load offset=16 (local.get $bias)) (local.get $sum_1_1)))
        (local.set $sum_1_2 (f32x4.add (v128.load offset=32 (local.get $bias)) (local.get $sum_1_2)))
        (local.set $sum_1_3 (f32x4.add (v128.load offset=48 (local.get $bias)) (local.get $sum_1_3)))))
    (v128.store (local.get $out_0) (local.get $sum_0_0))
    (v128.store offset=16 (local.get $out_0) (local.get $sum_0_1))
    (v128.store offset=32 (local.get $out_0) (local.get $sum_0_2))
    (v128.store offset=48 (local.get $out_0) (local.get $sum_0_3))
    (v128.store (local.get $out_1) (local.get $sum_1_0))
    (v128.store offset=16 (local.get $out_1) (local.get $sum_1_1))
    (v128.store offset=32 (local.get $out_1) (local.get $sum_1_2))
    (v128.store offset=48 (local.get $out_1) (local.get $sum_1_3)))
  ;; 2 × 3 sums of `count` products, from +0 in the order of the columns, of panels 6 vectors wide. Where
  ;; they are not the first block's they are added to the total that stands in `out`; where `bias` is not 0 the bias is
  ;; added at last. The branches amid the products are never taken: they keep compilers from moving arithmetic past them.
  (func $tile_2x3 (param $W i32) (param $v_0 i32) (param $count i32) (param $out_0 i32) (param $first i32) (param $bias i32) (param $v_stride i32) (param $out_stride i32)
    (local $v_1 i32) (local $out_1 i32) (local $sum_0_0 v128) (local $sum_0_1 v128) (local $sum_0_2 v128)
    (local $sum_1_0 v128) (local $sum_1_1 v128) (local $sum_1_2 v128) (local $turns i32) (local $element_0 v128)
    (local $element_1 v128) (local $weight v128)
    (local.set $v_1 (i32.add (local.get $v_0) (local.get $v_stride)))
    (local.set $out_1 (i32.add (local.get $out_0) (local.get $out_stride)))
    (local.set $sum_0_0 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_1 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_2 (f32x4.splat (f32.const 0)))
    (local.set $sum_1_0 (f32x4.splat (f32.const 0)))
    (local.set $sum_1_1 (f32x4.splat (f32.const 0)))
    (local.set $sum_1_2 (f32x4.splat (f32.const 0)))
    (block $done
      (local.set $turns (i32.shr_u (local.get $count) (i32.const 2)))
      (if (local.get $turns)
        (then
          (loop $next_turns
            (local.set $element_0 (v128.load32_splat (local.get $v_0)))
            (local.set $element_1 (v128.load32_splat (local.get $v_1)))
            (local.set $weight (v128.load (local.get $W)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_0
              (f32x4.add (local.get $sum_1_0) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=16 (local.get $W)))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_1
              (f32x4.add (local.get $sum_1_1) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=32 (local.get $W)))
            (local.set $sum_0_2
              (f32x4.add (local.get $sum_0_2) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_2
              (f32x4.add (local.get $sum_1_2) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (br_if $done (i32.eqz (i32.popcnt (i32.const 1))))
            (local.set $element_0 (v128.load32_splat offset=4 (local.get $v_0)))
            (local.set $element_1 (v128.load32_splat offset=4 (local.get $v_1)))
            (local.set $weight (v128.load offset=96 (local.get $W)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_0
              (f32x4.add (local.get $sum_1_0) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=112 (local.get $W)))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_1
              (f32x4.add (local.get $sum_1_1) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=128 (local.get $W)))
            (local.set $sum_0_2
              (f32x4.add (local.get $sum_0_2) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_2
              (f32x4.add (local.get $sum_1_2) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (br_if $done (i32.eqz (i32.popcnt (i32.const 2))))
            (local.set $element_0 (v128.load32_splat offset=8 (local.get $v_0)))
            (local.set $element_1 (v128.load32_splat offset=8 (local.get $v_1)))
            (local.set $weight (v128.load offset=192 (local.get $W)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_0
              (f32x4.add (local.get $sum_1_0) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=208 (local.get $W)))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_1
              (f32x4.add (local.get $sum_1_1) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=224 (local.get $W)))
            (local.set $sum_0_2
              (f32x4.add (local.get $sum_0_2) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_2
              (f32x4.add (local.get $sum_1_2) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (br_if $done (i32.eqz (i32.popcnt (i32.const 3))))
            (local.set $element_0 (v128.load32_splat offset=12 (local.get $v_0)))
            (local.set $element_1 (v128.load32_splat offset=12 (local.get $v_1)))
            (local.set $weight (v128.load offset=288 (local.get $W)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_0
              (f32x4.add (local.get $sum_1_0) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=304 (local.get $W)))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_1
              (f32x4.add (local.get $sum_1_1) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=320 (local.get $W)))
            (local.set $sum_0_2
              (f32x4.add (local.get $sum_0_2) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_2
              (f32x4.add (local.get $sum_1_2) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $W (i32.add (local.get $W) (i32.const 384)))
            (local.set $v_0 (i32.add (local.get $v_0) (i32.const 16)))
            (local.set $v_1 (i32.add (local.get $v_1) (i32.const 16)))
            (local.set $turns (i32.sub (local.get $turns) (i32.const 1)))
            (br_if $next_turns (local.get $turns)))))
      (local.set $count (i32.and (local.get $count) (i32.const 3)))
      (if (local.get $count)
        (then
          (loop $next_count
            (local.set $element_0 (v128.load32_splat (local.get $v_0)))
            (local.set $element_1 (v128.load32_splat (local.get $v_1)))
            (local.set $weight (v128.load (local.get $W)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_0
              (f32x4.add (local.get $sum_1_0) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=16 (local.get $W)))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_1
              (f32x4.add (local.get $sum_1_1) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=32 (local.get $W)))
            (local.set $sum_0_2
              (f32x4.add (local.get $sum_0_2) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_2
              (f32x4.add (local.get $sum_1_2) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $W (i32.add (local.get $W) (i32.const 96)))
            (local.set $v_0 (i32.add (local.get $v_0) (i32.const 4)))
            (local.set $v_1 (i32.add (local.get $v_1) (i32.const 4)))
            (local.set $count (i32.sub (local.get $count) (i32.const 1)))
            (br_if $next_count (local.get $count))))))
    (if (i32.eqz (local.get $first))
      (then
        (local.set $sum_0_0 (f32x4.add (v128.load (local.get $out_0)) (local.get $sum_0_0)))
        (local.set $sum_0_1 (f32x4.add (v128.load offset=16 (local.get $out_0)) (local.get $sum_0_1)))
        (local.set $sum_0_2 (f32x4.add (v128.load offset=32 (local.get $out_0)) (local.get $sum_0_2)))
        (local.set $sum_1_0 (f32x4.add (v128.load (local.get $out_1)) (local.get $sum_1_0)))
        (local.set $sum_1_1 (f32x4.add (v128.load offset=16 (local.get $out_1)) (local.get $sum_1_1)))
        (local.set $sum_1_2 (f32x4.add (v128.load offset=32 (local.get $out_1)) (local.get $sum_1_2)))))
    (if (local.get $bias)
      (then
        (local.set $sum_0_0 (f32x4.add (v128.load (local.get $bias)) (local.get $sum_0_0)))
        (local.set $sum_0_1 (f32x4.add (v128.load offset=16 (local.get $bias)) (local.get $sum_0_1)))
        (local.set $sum_0_2 (f32x4.add (v128.load offset=32 (local.get $bias)) (local.get $sum_0_2)))
        (local.set $sum_1_0 (f32x4.add (v128.load (local.get $bias)) (local.get $sum_1_0)))
        (local.set $sum_1_1 (f32x4.add (v128.load offset=16 (local.get $bias)) (local.get $sum_1_1)))
        (local.set $sum_1_2 (f32x4.add (v128.load offset=32 (local.get $bias)) (local.get $sum_1_2)))))
    (v128.store (local.get $out_0) (local.get $sum_0_0))
    (v128.store offset=16 (local.get $out_0) (local.get $sum_0_1))
    (v128.store offset=32 (local.get $out_0) (local.get $sum_0_2))
    (v128.store (local.get $out_1) (local.get $sum_1_0))
    (v128.store offset=16 (local.get $out_1) (local.get $sum_1_1))
    (v128.store offset=32 (local.get $out_1) (local.get $sum_1_2)))
  ;; 2 × 2 sums of `count` products, from +0 in the order of the columns, of panels 4 vectors wide. Where
  ;; they are not the first block's they are added to the total that stands in `out`; where `bias` is not 0 the bias is
  ;; added at last. The branches amid the products are never taken: they keep compilers from moving arithmetic past them.
  (func $tile_2x2 (param $W i32) (param $v_0 i32) (param $count i32) (param $out_0 i32) (param $first i32) (param $bias i32) (param $v_stride i32) (param $out_stride i32)
    (local $v_1 i32) (local $out_1 i32) (local $sum_0_0 v128) (local $sum_0_1 v128) (local $sum_1_0 v128)
    (local $sum_1_1 v128) (local $turns i32) (local $element_0 v128) (local $element_1 v128) (local $weight v128)
    (local.set $v_1 (i32.add (local.get $v_0) (local.get $v_stride)))
    (local.set $out_1 (i32.add (local.get $out_0) (local.get $out_stride)))
    (local.set $sum_0_0 (f32x4.splat (f32.const 0)))
    (local.set $sum_0_1 (f32x4.splat (f32.const 0)))
    (local.set $sum_1_0 (f32x4.splat (f32.const 0)))
    (local.set $sum_1_1 (f32x4.splat (f32.const 0)))
    (block $done
      (local.set $turns (i32.shr_u (local.get $count) (i32.const 2)))
      (if (local.get $turns)
        (then
          (loop $next_turns
            (local.set $element_0 (v128.load32_splat (local.get $v_0)))
            (local.set $element_1 (v128.load32_splat (local.get $v_1)))
            (local.set $weight (v128.load (local.get $W)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_0
              (f32x4.add (local.get $sum_1_0) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=16 (local.get $W)))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_1
              (f32x4.add (local.get $sum_1_1) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (br_if $done (i32.eqz (i32.popcnt (i32.const 1))))
            (local.set $element_0 (v128.load32_splat offset=4 (local.get $v_0)))
            (local.set $element_1 (v128.load32_splat offset=4 (local.get $v_1)))
            (local.set $weight (v128.load offset=64 (local.get $W)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_0
              (f32x4.add (local.get $sum_1_0) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=80 (local.get $W)))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_1
              (f32x4.add (local.get $sum_1_1) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (br_if $done (i32.eqz (i32.popcnt (i32.const 2))))
            (local.set $element_0 (v128.load32_splat offset=8 (local.get $v_0)))
            (local.set $element_1 (v128.load32_splat offset=8 (local.get $v_1)))
            (local.set $weight (v128.load offset=128 (local.get $W)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_0
              (f32x4.add (local.get $sum_1_0) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=144 (local.get $W)))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_1
              (f32x4.add (local.get $sum_1_1) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (br_if $done (i32.eqz (i32.popcnt (i32.const 3))))
            (local.set $element_0 (v128.load32_splat offset=12 (local.get $v_0)))
            (local.set $element_1 (v128.load32_splat offset=12 (local.get $v_1)))
            (local.set $weight (v128.load offset=192 (local.get $W)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_0
              (f32x4.add (local.get $sum_1_0) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=208 (local.get $W)))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_1
              (f32x4.add (local.get $sum_1_1) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $W (i32.add (local.get $W) (i32.const 256)))
            (local.set $v_0 (i32.add (local.get $v_0) (i32.const 16)))
            (local.set $v_1 (i32.add (local.get $v_1) (i32.const 16)))
            (local.set $turns (i32.sub (local.get $turns) (i32.const 1)))
            (br_if $next_turns (local.get $turns)))))
      (local.set $count (i32.and (local.get $count) (i32.const 3)))
      (if (local.get $count)
        (then
          (loop $next_count
            (local.set $element_0 (v128.load32_splat (local.get $v_0)))
            (local.set $element_1 (v128.load32_splat (local.get $v_1)))
            (local.set $weight (v128.load (local.get $W)))
            (local.set $sum_0_0
              (f32x4.add (local.get $sum_0_0) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_0
              (f32x4.add (local.get $sum_1_0) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $weight (v128.load offset=16 (local.get $W)))
            (local.set $sum_0_1
              (f32x4.add (local.get $sum_0_1) (f32x4.mul (local.get $weight) (local.get $element_0))))
            (local.set $sum_1_1
              (f32x4.add (local.get $sum_1_1) (f32x4.mul (local.get $weight) (local.get $element_1))))
            (local.set $W (i32.add (local.get $W) (i32.const 64)))
            (local.set $v_0 (i32.add (local.get $v_0) (i32.const 4)))
            (local.set $v_1 (i32.add (local.get $v_1) (i32.const 4)))
            (local.set $count (i32.sub (local.get $count) (i32.const 1)))
            (br_if $next_count (local.get $count))))))
    (if (i32.eqz (local.get $first))
      (then
        (local.set $sum_0_0 (f32x4.add (v128.load (local.get $out_0)) (local.get $sum_0_0)))
        (local.set $sum_0_1 (f32x4.add (v128.load offset=16 (local.get $out_0)) (local.get $sum_0_1)))
        (local.set $sum_1_0 (f32x4.add (v128.load (local.get $out_1)) (local.get $sum_1_0)))
        (local.set $sum_1_1 (f32x4.add (v128.load offset=16 (local.get $out_1)) (local.get $sum_1_1)))))
    (if (local.get $bias)
      (then
        (local.set $sum_0_0 (f32x4.add (v128.load (local.get $bias)) (local.get $sum_0_0)))
        (local.set $sum_0_1 (f32x4.add (v128.load offset=16 (local.get $bias)) (local.get $sum_0_1)))
        (local.set $sum_1_0 (f32x4.add (v128.load (local.get $bias)) (local.get $sum_1_0)))
        (local.set $sum_1_1 (f32x4.add (v128.load offset=16 (local.get $bias)) (local.get $sum_1_1)))))
    (v128.store (local.get $out_0) (local.get $sum_0_0))
    (v128.store offset=16 (local.get $out_0) (local.get $sum_0_1))
    (v128.store (local.get $out_1) (local.get $sum_1_0))
    (v128.store offset=16 (local.get $out_1) (local.get $sum_1_1)))
  ;; out[row, i] = Σ_k W[i, k] v[row, k] + bias[i] for `rows` rows of v, `stride` bytes apart: sums of 64 products from
  ;; the left, added from the left. W is packed, with `vectors` in a column. Without a bias: bias = 0. `onto` ≠ 0: added
  ;; to what stands in `out`.
  (func $product (param $W i32) (param $vectors i32) (param $columns i32) (param $v i32) (param $stride i32) (param $rows i32) (param $out i32) (param $bias i32) (param $onto i32)
    (local $out_stride i32) (local $panels i32) (local $half i32) (local $width i32) (local $k i32) (local $count i32)
    (local $first i32) (local $last_bias i32) (local $v_at i32) (local $out_at i32) (local $left i32)
    (local.set $out_stride (i32.shl (local.get $vectors) (i32.const 4)))
    (local.set $panels (i32.div_u (i32.add (local.get $vectors) (i32.const 7)) (i32.const 8)))
    (loop $panel
      (local.set $half
        (i32.div_u
          (i32.sub (i32.add (i32.shr_u (local.get $vectors) (i32.const 1)) (local.get $panels)) (i32.const 1))
          (local.get $panels)))
      (local.set $width (i32.shl (local.get $half) (i32.const 1)))
      (local.set $k (i32.const 0))
      (loop $block
        (local.set $count
          (select
            (i32.sub (local.get $columns) (local.get $k))
            (i32.const 64)
            (i32.lt_u (i32.sub (local.get $columns) (local.get $k)) (i32.const 64))))
        (local.set $first (i32.eqz (i32.add (local.get $k) (local.get $onto))))
        (local.set $last_bias
          (i32.mul (local.get $bias) (i32.eq (i32.add (local.get $k) (local.get $count)) (local.get $columns))))
        (local.set $v_at (i32.add (local.get $v) (i32.mul (local.get $k) (i32.const 4))))
        (local.set $out_at (local.get $out))
        (local.set $left (local.get $rows))
        (loop $tiles
          (if (i32.ge_u (local.get $left) (i32.const 2))
            (then
              (if (i32.eq (local.get $half) (i32.const 4))
                (then
                  (call $tile_2x4
                    (local.get $W)
                    (local.get $v_at)
                    (local.get $count)
                    (local.get $out_at)
                    (local.get $first)
                    (local.get $last_bias)
                    (local.get $stride)
                    (local.get $out_stride)))
                (else
                  (if (i32.eq (local.get $half) (i32.const 3))
                    (then
                      (call $tile_2x3
                        (local.get $W)
                        (local.get $v_at)
                        (local.get $count)
                        (local.get $out_at)
                        (local.get $first)
                        (local.get $last_bias)
                        (local.get $stride)
                        (local.get $out_stride)))
                    (else
                      (call $tile_2x2
                        (local.get $W)
                        (local.get $v_at)
                        (local.get $count)
                        (local.get $out_at)
                        (local.get $first)
                        (local.get $last_bias)
                        (local.get $stride)
                        (local.get $out_stride))))))
              (if (i32.eq (local.get $half) (i32.const 4))
                (then
                  (call $tile_2x4
                    (i32.add (local.get $W) (i32.shl (local.get $half) (i32.const 4)))
                    (local.get $v_at)
                    (local.get $count)
                    (i32.add (local.get $out_at) (i32.shl (local.get $half) (i32.const 4)))
                    (local.get $first)
                    (select
                      (i32.add (local.get $last_bias) (i32.shl (local.get $half) (i32.const 4)))
                      (i32.const 0)
                      (local.get $last_bias))
                    (local.get $stride)
                    (local.get $out_stride)))
                (else
                  (if (i32.eq (local.get $half) (i32.const 3))
                    (then
                      (call $tile_2x3
                        (i32.add (local.get $W) (i32.shl (local.get $half) (i32.const 4)))
                        (local.get $v_at)
                        (local.get $count)
                        (i32.add (local.get $out_at) (i32.shl (local.get $half) (i32.const 4)))
                        (local.get $first)
                        (select
                          (i32.add (local.get $last_bias) (i32.shl (local.get $half) (i32.const 4)))
                          (i32.const 0)
                          (local.get $last_bias))
                        (local.get $stride)
                        (local.get $out_stride)))
                    (else
                      (call $tile_2x2
                        (i32.add (local.get $W) (i32.shl (local.get $half) (i32.const 4)))
                        (local.get $v_at)
                        (local.get $count)
                        (i32.add (local.get $out_at) (i32.shl (local.get $half) (i32.const 4)))
                        (local.get $first)
                        (select
                          (i32.add (local.get $last_bias) (i32.shl (local.get $half) (i32.const 4)))
                          (i32.const 0)
                          (local.get $last_bias))
                        (local.get $stride)
                        (local.get $out_stride))))))
              (local.set $v_at (i32.add (local.get $v_at) (i32.mul (local.get $stride) (i32.const 2))))
              (local.set $out_at (i32.add (local.get $out_at) (i32.mul (local.get $out_stride) (i32.const 2))))
              (local.set $left (i32.sub (local.get $left) (i32.const 2)))
              (br $tiles))))
        (loop $row
          (if (local.get $left)
            (then
              (if (i32.eq (local.get $half) (i32.const 4))
                (then
                  (call $tile_1x8
                    (local.get $W)
                    (local.get $v_at)
                    (local.get $count)
                    (local.get $out_at)
                    (local.get $first)
                    (local.get $last_bias)))
                (else
                  (if (i32.eq (local.get $half) (i32.const 3))
                    (then
                      (call $tile_1x6
                        (local.get $W)
                        (local.get $v_at)
                        (local.get $count)
                        (local.get $out_at)
                        (local.get $first)
                        (local.get $last_bias)))
                    (else
                      (call $tile_1x4
                        (local.get $W)
                        (local.get $v_at)
                        (local.get $count)
                        (local.get $out_at)
                        (local.get $first)
                        (local.get $last_bias))))))
              (local.set $v_at (i32.add (local.get $v_at) (i32.mul (local.get $stride) (i32.const 1))))
              (local.set $out_at (i32.add (local.get $out_at) (i32.mul (local.get $out_stride) (i32.const 1))))
              (local.set $left (i32.sub (local.get $left) (i32.const 1)))
              (br $row))))
        (local.set $W
          (i32.add (local.get $W) (i32.mul (local.get $count) (i32.shl (local.get $width) (i32.const 4)))))
        (local.set $k (i32.add (local.get $k) (local.get $count)))
        (br_if $block (i32.lt_u (local.get $k) (local.get $columns))))
      (local.set $vectors (i32.sub (local.get $vectors) (local.get $width)))
      (local.set $panels (i32.sub (local.get $panels) (i32.const 1)))
      (local.set $out (i32.add (local.get $out) (i32.shl (local.get $width) (i32.const 4))))
      (if (local.get $bias)
        (then
          (local.set $bias (i32.add (local.get $bias) (i32.shl (local.get $width) (i32.const 4))))))
      (br_if $panel (local.get $panels))))
  ;; Copies a matrix of `rows` × `columns`, row-major, to the packed rows from `row` on of W, which has `vectors` in all.
  (func $pack (param $matrix i32) (param $rows i32) (param $columns i32) (param $W i32) (param $row i32) (param $vectors i32)
    (local $panels i32) (local $wide i32) (local $narrow i32) (local $in_wide i32) (local $end i32)
    (local $vector i32) (local $width i32) (local $first i32) (local $to i32) (local $k i32)
    (local.set $panels (i32.div_u (i32.add (local.get $vectors) (i32.const 7)) (i32.const 8)))
    (local.set $wide
      (i32.shl
        (i32.div_u
          (i32.sub (i32.add (i32.shr_u (local.get $vectors) (i32.const 1)) (local.get $panels)) (i32.const 1))
          (local.get $panels))
        (i32.const 1)))
    ;; As many of the first panels are two vectors wider than the others as it takes.
    (local.set $narrow (i32.sub (local.get $wide) (i32.const 2)))
    (local.set $in_wide
      (i32.mul
        (i32.shr_u (i32.sub (local.get $vectors) (i32.mul (local.get $panels) (local.get $narrow))) (i32.const 1))
        (local.get $wide)))
    (local.set $end (i32.add (local.get $row) (local.get $rows)))
    (loop $next_row
      (local.set $vector (i32.shr_u (local.get $row) (i32.const 2)))
      (if (i32.lt_u (local.get $vector) (local.get $in_wide))
        (then
          (local.set $width (local.get $wide))
          (local.set $first
            (i32.add (i32.const 0) (i32.mul (i32.div_u (local.get $vector) (local.get $width)) (local.get $width)))))
        (else
          (local.set $width (local.get $narrow))
          (local.set $first
            (i32.add
              (local.get $in_wide)
              (i32.mul
                (i32.div_u (i32.sub (local.get $vector) (local.get $in_wide)) (local.get $width))
                (local.get $width))))))
      (local.set $to
        (i32.add
          (i32.add (local.get $W) (i32.shl (i32.mul (local.get $first) (local.get $columns)) (i32.const 4)))
          (i32.add
            (i32.shl (i32.sub (local.get $vector) (local.get $first)) (i32.const 4))
            (i32.mul (i32.and (local.get $row) (i32.const 3)) (i32.const 4)))))
      (local.set $k (local.get $columns))
      (loop $next_column
        (i32.store (local.get $to) (i32.load (local.get $matrix)))
        (local.set $matrix (i32.add (local.get $matrix) (i32.const 4)))
        (local.set $to (i32.add (local.get $to) (i32.shl (local.get $width) (i32.const 4))))
        (local.set $k (i32.sub (local.get $k) (i32.const 1)))
        (br_if $next_column (local.get $k)))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br_if $next_row (i32.lt_u (local.get $row) (local.get $end)))))
  ;; Stores the first `count` bytes of a vector, at most all of them, and touches no byte after them.
  (func $store_up_to (param $at i32) (param $value v128) (param $count i32)
    (if (i32.le_s (local.get $count) (i32.const 0))
      (then
        (return)))
    (if (i32.ge_s (local.get $count) (i32.const 16))
      (then
        (v128.store (local.get $at) (local.get $value))
        (return)))
    (if (i32.and (local.get $count) (i32.const 8))
      (then
        (v128.store64_lane 0 (local.get $at) (local.get $value))
        (if (i32.and (local.get $count) (i32.const 4))
          (then
            (v128.store32_lane 2 (i32.add (local.get $at) (i32.const 8)) (local.get $value))))
        (return)))
    (v128.store32_lane 0 (local.get $at) (local.get $value))))
