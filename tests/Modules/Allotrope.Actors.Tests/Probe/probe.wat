;; An actor that does what a test asks for: the first letter of the operation says what. Build: wat2wasm --debug-names probe.wat
(module
  (import "wasmbus" "__guest_request" (func $request (param i32 i32)))
  (import "wasmbus" "__guest_response" (func $response (param i32 i32)))
  (import "wasmbus" "__guest_error" (func $error (param i32 i32)))
  (import "wasmbus" "__host_call" (func $host_call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasmbus" "__host_response_len" (func $host_response_len (result i32)))
  (import "wasmbus" "__host_response" (func $host_response (param i32)))
  (import "wasmbus" "__host_error_len" (func $host_error_len (result i32)))
  (import "wasmbus" "__host_error" (func $host_error (param i32)))
  (import "wasmbus" "__console_log" (func $console_log (param i32 i32)))

  (memory (export "memory") 2)
  (global $calls (mut i32) (i32.const 0))
  (global $started (mut i32) (i32.const 0))

  (func (export "_start") (global.set $started (i32.add (global.get $started) (i32.const 1))))
  (func (export "wapc_init") (global.set $started (i32.add (global.get $started) (i32.const 16))))

  ;; Room for $length bytes from the second page on.
  (func $reserve (param $length i32)
    (local $short i32)
    (local.set $short (i32.sub
      (i32.add (i32.const 1) (i32.shr_u (i32.add (local.get $length) (i32.const 131071)) (i32.const 16)))
      (memory.size)))
    (if (i32.gt_s (local.get $short) (i32.const 0))
      (then (if (i32.eq (memory.grow (local.get $short)) (i32.const -1)) (then (unreachable))))))

  (func $spin_for_ever (loop $again (br $again)))

  (func $fill_all_memory (local $page i32)
    (loop $more
      (local.set $page (memory.grow (i32.const 1)))
      (if (i32.ne (local.get $page) (i32.const -1))
        (then
          (i32.store (i32.shl (local.get $page) (i32.const 16)) (i32.const 1))
          (br $more))))
    (unreachable))

  (func $recurse (param i32) (result i32)
    (i32.add (call $recurse (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))

  (func $innermost (unreachable))
  (func $middle (call $innermost))

  (func $work (param $rounds i32) (result i32)
    (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (local.get $rounds)))
      (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
      (br_if $again (i32.ne (local.get $rounds) (i32.const 0))))
    (local.get $sum))

  ;; The payload: three lengths in a byte each, link name, contract, operation, and the rest is the request.
  (func $call_host (param $length i32) (result i32)
    (local $link i32) (local $contract i32) (local $operation i32) (local $body i32)
    (local.set $link (i32.const 65539))
    (local.set $contract (i32.add (local.get $link) (i32.load8_u (i32.const 65536))))
    (local.set $operation (i32.add (local.get $contract) (i32.load8_u (i32.const 65537))))
    (local.set $body (i32.add (local.get $operation) (i32.load8_u (i32.const 65538))))
    (if (result i32) (i32.eq (i32.const 1) (call $host_call
          (local.get $link) (i32.load8_u (i32.const 65536))
          (local.get $contract) (i32.load8_u (i32.const 65537))
          (local.get $operation) (i32.load8_u (i32.const 65538))
          (local.get $body) (i32.sub (i32.add (i32.const 65536) (local.get $length)) (local.get $body))))
      (then
        (call $reserve (call $host_response_len))
        (call $host_response (i32.const 65536))
        (call $response (i32.const 65536) (call $host_response_len))
        (i32.const 1))
      (else
        (call $host_error (i32.const 65536))
        (call $error (i32.const 65536) (call $host_error_len))
        (i32.const 0))))

  (func $answer_number (param i32) (result i32)
    (i32.store (i32.const 65536) (local.get 0))
    (call $response (i32.const 65536) (i32.const 4))
    (i32.const 1))

  (func (export "__guest_call") (param $operation i32) (param $payload i32) (result i32)
    (local $what i32)
    (call $reserve (local.get $payload))
    (call $request (i32.const 1024) (i32.const 65536))
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (local.set $what (i32.load8_u (i32.const 1024)))
    (if (i32.eq (local.get $what) (i32.const 0x65)) ;; e: echo
      (then (call $response (i32.const 65536) (local.get $payload)) (return (i32.const 1))))
    (if (i32.eq (local.get $what) (i32.const 0x66)) ;; f: fail with the payload as text
      (then (call $error (i32.const 65536) (local.get $payload)) (return (i32.const 0))))
    (if (i32.eq (local.get $what) (i32.const 0x71)) ;; q: fail quietly
      (then (return (i32.const 0))))
    (if (i32.eq (local.get $what) (i32.const 0x6c)) ;; l: log
      (then (call $console_log (i32.const 65536) (local.get $payload)) (return (i32.const 1))))
    (if (i32.eq (local.get $what) (i32.const 0x63)) ;; c: calls of this instance
      (then (return (call $answer_number (global.get $calls)))))
    (if (i32.eq (local.get $what) (i32.const 0x69)) ;; i: how it was initialised
      (then (return (call $answer_number (global.get $started)))))
    (if (i32.eq (local.get $what) (i32.const 0x77)) ;; w: work for as many rounds
      (then (return (call $answer_number (call $work (i32.load (i32.const 65536)))))))
    (if (i32.eq (local.get $what) (i32.const 0x68)) ;; h: host call
      (then (return (call $call_host (local.get $payload)))))
    (if (i32.eq (local.get $what) (i32.const 0x78)) ;; x: host calls without end
      (then (loop $again (drop (call $call_host (local.get $payload))) (br $again))))
    (if (i32.eq (local.get $what) (i32.const 0x73)) ;; s: spin
      (then (call $spin_for_ever)))
    (if (i32.eq (local.get $what) (i32.const 0x62)) ;; b: bomb
      (then (call $fill_all_memory)))
    (if (i32.eq (local.get $what) (i32.const 0x72)) ;; r: recurse
      (then (return (call $recurse (i32.const 0)))))
    (if (i32.eq (local.get $what) (i32.const 0x67)) ;; g: giant answer
      (then (call $response (i32.const 0) (i32.const 0x7fffffff)) (return (i32.const 1))))
    (if (i32.eq (local.get $what) (i32.const 0x6f)) ;; o: answer from outside the memory
      (then (call $response (i32.const 0x7ffffff0) (i32.const 1024)) (return (i32.const 1))))
    (if (i32.eq (local.get $what) (i32.const 0x75)) ;; u: unreachable, three functions deep
      (then (call $middle)))
    (i32.const 0)))
