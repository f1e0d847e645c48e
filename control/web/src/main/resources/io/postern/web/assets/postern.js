"use strict";
// The one script. It sends the form of a page that only passes an answer on, goes on when all applications have heard
// of a sign-out, and asks the browser for passkeys; everything else works without it.
(() => {
  const onward = document.querySelector("form[data-onward]");
  if (onward) {
    onward.submit();
    return;
  }

  const told = document.querySelector("[data-frames]");
  if (told) {
    // comes when every frame has loaded; where one never does, the page's own time limit goes on
    addEventListener("load", () => location.assign(told.dataset.frames));
    return;
  }

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => list.map((c) => ({ ...c, id: bytes(c.id) }));

  // written out and not toJSON(): browsers of two years ago lack that
  const answer = (credential) => {
    const response = credential.response;
    const out = { clientDataJSON: text(response.clientDataJSON) };
    if (response.attestationObject) {
      out.attestationObject = text(response.attestationObject);
      out.transports = response.getTransports ? response.getTransports() : [];
    } else {
      out.authenticatorData = text(response.authenticatorData);
      out.signature = text(response.signature);
      if (response.userHandle && response.userHandle.byteLength > 0) out.userHandle = text(response.userHandle);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment || undefined,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: out,
    });
  };

  const ask = ({ kind, ...options }) => {
    options.challenge = bytes(options.challenge);
    if (kind === "create") {
      options.user.id = bytes(options.user.id);
      options.excludeCredentials = known(options.excludeCredentials);
      return navigator.credentials.create({ publicKey: options });
    }
    options.allowCredentials = known(options.allowCredentials);
    return navigator.credentials.get({ publicKey: options });
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("button");
    if (!window.PublicKeyCredential) {
      form.querySelector(".passkey-none").hidden = false;
      continue;
    }
    button.disabled = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      form.querySelector(".passkey-failed").hidden = true;
      try {
        form.elements.credential.value = answer(await ask(JSON.parse(form.dataset.passkey)));
        form.submit();
      } catch {
        form.querySelector(".passkey-failed").hidden = false;
        button.disabled = false;
      }
    });
  }
})();
