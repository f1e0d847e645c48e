package io.postern.web;

/// What the page's script asks of the browser.
///
/// @param action where the answer goes
/// @param ticket sealed: the challenge, once
/// @param options JSON of WebAuthn's options, bytes as base64url
public record PasskeyCall(String action, String ticket, String options) {}
