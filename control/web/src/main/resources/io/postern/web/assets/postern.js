"use strict";
// The one script. It sends the form of a page that only passes an answer on, goes on when all applications have heard
// of a sign-out, finds tiles while one types, closes the account menu, and asks the browser for passkeys; everything else works without it.
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

  // tiles that fit while one types; "/" leads to the search, Enter opens the first
  const search = document.querySelector("input[data-filter]");
  if (search) {
    const tiles = [...document.querySelectorAll(".tiles > li")];
    const count = document.getElementById("count");
    const shown = () => tiles.filter((tile) => !tile.hidden);
    search.addEventListener("input", () => {
      const wanted = search.value.trim().toLowerCase();
      tiles.forEach((tile) => {
        tile.hidden = !tile.textContent.toLowerCase().includes(wanted);
      });
      const left = shown().length;
      count.textContent =
        left === 0 ? count.dataset.none : left === 1 ? count.dataset.one : count.dataset.many.replace("2", left);
    });
    search.form.addEventListener("submit", (event) => {
      const first = shown()[0];
      // with nothing left the service searches, among hidden ones too
      if (first && search.value.trim()) {
        event.preventDefault();
        first.querySelector("a").click();
      }
    });
    addEventListener("keydown", (event) => {
      if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.target.closest("input, textarea, select")) {
        event.preventDefault();
        search.focus();
      }
    });
  }

  // the account menu closes like any other menu
  const menu = document.querySelector("details.account");
  if (menu) {
    addEventListener("click", (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.open) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
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
