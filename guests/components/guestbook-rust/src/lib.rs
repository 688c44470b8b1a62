//! Keeps a guest book in the file `/data/book` by Rust's standard library: `POST /` adds the body as a line, `GET /` answers with all of them
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};

use wasi::exports::http::incoming_handler::Guest;
use wasi::http::types::{Fields, IncomingRequest, Method, OutgoingBody, OutgoingResponse, ResponseOutparam};

const BOOK: &str = "/data/book";
const LONGEST: u64 = 1000;

struct Guestbook;

wasi::http::proxy::export!(Guestbook);

impl Guest for Guestbook {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let (status, text) = match request.method() {
            Method::Post => match write(&request) {
                Ok(()) => (201, Vec::new()),
                Err(error) => (500, error.to_string().into_bytes()),
            },
            Method::Get => match fs::read(BOOK) {
                Ok(book) => (200, book),
                Err(error) if error.kind() == ErrorKind::NotFound => (200, Vec::new()),
                Err(error) => (500, error.to_string().into_bytes()),
            },
            _ => (405, Vec::new()),
        };
        answer(out, status, &text);
    }
}

fn write(request: &IncomingRequest) -> io::Result<()> {
    let body = request.consume().expect("a body that nobody took");
    let stream = body.stream().expect("a stream that nobody took");
    let mut line = Vec::new();
    stream.take(LONGEST).read_to_end(&mut line)?;
    line.push(b'\n');
    let mut book = OpenOptions::new().create(true).append(true).open(BOOK)?;
    book.write_all(&line)?;
    book.sync_all()
}

fn answer(out: ResponseOutparam, status: u16, text: &[u8]) {
    let response = OutgoingResponse::new(Fields::new());
    response.set_status_code(status).expect("a status of HTTP");
    let body = response.body().expect("a body that nobody took");
    ResponseOutparam::set(out, Ok(response));
    let mut stream = body.write().expect("a stream that nobody took");
    // A client that left is nobody's fault
    let _ = stream.write_all(text);
    drop(stream);
    let _ = OutgoingBody::finish(body, None);
}
