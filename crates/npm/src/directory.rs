//! The directory, with the randomness of the runtime.
//!
//! Owns the random source, and the plain object that an answer's head is; the clock is handed in with
//! every call. Never decides: what is handed over is read by `guildhall::ffi`.

use crate::host_names;
use guildhall::app::ports::{Entropy, Unavailable};
use guildhall::domain::json::value;
use guildhall::ffi::authentication;
use guildhall::ffi::directory::Directory as Inner;
use js_sys::{Array, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// `crypto.getRandomValues`.
struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Unavailable> {
        getrandom::fill(buffer).map_err(|error| Unavailable(format!("no randomness: {error}")))
    }
}

/// The system in memory. `pkg/` hides it: nobody has to free it.
#[wasm_bindgen]
pub struct Directory {
    inner: Inner<SystemEntropy>,
}

#[wasm_bindgen]
impl Directory {
    /// Opens a directory, empty or as a snapshot says.
    ///
    /// # Errors
    /// The reply that says what is wrong with the options or the snapshot, as text.
    pub fn open(options: &str, snapshot: Option<String>) -> Result<Directory, JsValue> {
        host_names::install();
        let inner = Inner::open(options, snapshot.as_deref(), SystemEntropy).map_err(JsValue::from)?;
        Ok(Directory { inner })
    }

    /// Everything that it holds, as text.
    pub fn snapshot(&self) -> String {
        self.inner.snapshot()
    }

    /// How often something changed that a snapshot shows.
    pub fn changes(&self) -> f64 {
        self.inner.changes() as f64
    }

    /// The latest instant at which it was asked, in milliseconds since 1970.
    pub fn latest(&self) -> f64 {
        self.inner.latest() as f64
    }

    /// How many bytes of body are worth handing in.
    #[wasm_bindgen(js_name = bodyLimit)]
    pub fn body_limit(path: &str) -> usize {
        Inner::<SystemEntropy>::body_limit(path)
    }

    /// Answers a request: head and body in, head and body out; the answer's head is a plain object.
    pub fn answer(&self, head: &str, body: Vec<u8>, now: f64) -> Array {
        parts(self.inner.answer(head, body, now, None))
    }

    /// The same of a request with a token that was judged.
    #[wasm_bindgen(js_name = answerAsked)]
    pub fn answer_asked(&self, head: &str, body: Vec<u8>, now: f64, asked: &Asked) -> Array {
        parts(self.inner.answer(head, body, now, Some(&asked.inner)))
    }

    /// One tick of the clock; the reply says how many of its parts failed.
    pub fn tick(&self, now: f64) -> String {
        self.inner.tick(now)
    }
}

/// What judges the tokens of a directory's callers.
#[wasm_bindgen]
pub struct Authentication {
    inner: authentication::Authentication,
}

/// The caller of one request, on the way to being known.
#[wasm_bindgen]
pub struct Asked {
    inner: authentication::Asked,
}

#[wasm_bindgen]
impl Authentication {
    /// Opens it with the options of a directory.
    ///
    /// # Errors
    /// The reply that says what is wrong with the options, as text.
    pub fn open(options: &str) -> Result<Authentication, JsValue> {
        let inner = Inner::<SystemEntropy>::authentication(options).map_err(JsValue::from)?;
        Ok(Authentication { inner })
    }

    /// Looks at the head of a request.
    pub fn begin(&self, head: &str, now: f64) -> Asked {
        Asked { inner: self.inner.begin(head, now) }
    }

    /// What has to be done next, as JSON.
    pub fn step(&self, asked: &mut Asked, now: f64) -> String {
        self.inner.step(&mut asked.inner, now)
    }

    /// Takes what came back from an address.
    pub fn fetched(&self, asked: &mut Asked, answer: &str, body: Vec<u8>, now: f64) {
        self.inner.fetched(&mut asked.inner, answer, body, now);
    }
}

#[wasm_bindgen]
impl Asked {
    /// Takes whether a signature is right.
    pub fn verified(&mut self, is_right: bool) {
        authentication::Authentication::verified(&mut self.inner, is_right);
    }
}

fn parts((head, body): (String, Vec<u8>)) -> Array {
    Array::of2(&object(&head), &Uint8Array::from(body.as_slice()).into())
}

/// Looks at the settings of a deployment, as the Worker would; the reply is JSON. `npm run doctor` asks.
#[wasm_bindgen(js_name = checkSettings)]
pub fn check_settings(input: &str) -> String {
    host_names::install();
    guildhall::ffi::check_settings(input)
}

/// A JSON text as a plain object.
fn object(text: &str) -> JsValue {
    let value = value(text).unwrap_or_default();
    value.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::NULL)
}
