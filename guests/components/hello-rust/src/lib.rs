//! Greets: `GET /Ada` answers `Hello, Ada!`
use wasi::exports::http::incoming_handler::Guest;
use wasi::http::types::{Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam};

struct Hello;

wasi::http::proxy::export!(Hello);

impl Guest for Hello {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let path = request.path_with_query().unwrap_or_default();
        let name = match path.trim_start_matches('/').split('?').next() {
            None | Some("") => "world",
            Some(name) => name,
        };

        let headers = Fields::new();
        headers.append("content-type", b"text/plain; charset=utf-8").expect("a valid header field");
        let response = OutgoingResponse::new(headers);
        let body = response.body().expect("a body that nobody took");
        ResponseOutparam::set(out, Ok(response));

        let stream = body.write().expect("a stream that nobody took");
        // A client that left is nobody's fault
        let _ = stream.blocking_write_and_flush(format!("Hello, {name}!").as_bytes());
        drop(stream);
        let _ = OutgoingBody::finish(body, None);
    }
}
