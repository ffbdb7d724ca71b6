//! Signatures, checked by the runtime's WebCrypto.
//!
//! Owns the calls and the imported keys, which are kept: importing one costs as much as checking with it.

use guildhall::app::authentication::Verify;
use std::cell::RefCell;
use worker::js_sys::{Array, Function, JSON, Promise, Reflect, Uint8Array, global};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;

/// How many imported keys are kept. The oldest one makes room.
const MOST: usize = 64;

/// A key by its algorithm and its JWK.
type Imported = ((&'static str, String), JsValue);

thread_local! {
    static KEYS: RefCell<Vec<Imported>> = const { RefCell::new(Vec::new()) };
}

/// Whether a signature is right.
///
/// # Errors
/// What the runtime says of a key that it does not take.
pub async fn verify(verify: &Verify) -> Result<bool, String> {
    check(verify).await.map_err(|fault| {
        let message = Reflect::get(&fault, &"message".into()).ok().and_then(|message| message.as_string());
        message.unwrap_or_else(|| "WebCrypto failed".to_owned())
    })
}

async fn check(verify: &Verify) -> Result<bool, JsValue> {
    let subtle = Reflect::get(&Reflect::get(&global(), &"crypto".into())?, &"subtle".into())?;
    let key = match kept(verify) {
        Some(key) => key,
        None => import(&subtle, verify).await?,
    };
    let arguments = Array::of4(
        &parameters(&verify.verify_parameters().to_string())?,
        &key,
        &Uint8Array::from(verify.signature.as_slice()),
        &Uint8Array::from(verify.input.as_slice()),
    );
    Ok(call(&subtle, "verify", &arguments).await?.is_truthy())
}

async fn import(subtle: &JsValue, verify: &Verify) -> Result<JsValue, JsValue> {
    let arguments = Array::of5(
        &"jwk".into(),
        &JSON::parse(&verify.jwk)?,
        &parameters(&verify.import_parameters().to_string())?,
        &JsValue::FALSE,
        &Array::of1(&"verify".into()),
    );
    let key = call(subtle, "importKey", &arguments).await?;
    KEYS.with_borrow_mut(|keys| {
        if keys.len() >= MOST {
            keys.remove(0);
        }
        keys.push(((verify.algorithm.as_str(), verify.jwk.clone()), key.clone()));
    });
    Ok(key)
}

fn kept(verify: &Verify) -> Option<JsValue> {
    let is_it = |((algorithm, jwk), _): &&Imported| *algorithm == verify.algorithm.as_str() && *jwk == verify.jwk;
    KEYS.with_borrow(|keys| keys.iter().find(is_it).map(|(_, key)| key.clone()))
}

fn parameters(text: &str) -> Result<JsValue, JsValue> {
    JSON::parse(text)
}

async fn call(subtle: &JsValue, name: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(subtle, &name.into())?.dyn_into()?;
    let promise: Promise = method.apply(subtle, arguments)?.dyn_into()?;
    JsFuture::from(promise).await
}
