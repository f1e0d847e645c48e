package io.postern.identity.oidc;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.web.FormPostPage;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// Where and how to answer a client whose redirect URI was found registered.
record AnswerAddress(String redirectUri, ResponseMode mode, Optional<String> state) {

    /// Sends the browser to the client with `parameters` and the state. 303 after a form, so that the
    /// browser never posts the password on (RFC 9700 §4.12).
    void send(
            Pages pages,
            ServerRequest request,
            ServerResponse response,
            String issuer,
            SequencedMap<String, String> parameters) {
        var all = new LinkedHashMap<>(parameters);
        state.ifPresent(s -> all.put("state", s));
        all.put("iss", issuer); // RFC 9207: the client sees which provider answered (mix-up)
        if (mode == ResponseMode.FORM_POST) {
            pages.send(response, 200, FormPostPage.of(redirectUri, all, formTargets()));
            return;
        }
        String encoded = all.entrySet().stream()
                .map(e -> Parameters.encode(e.getKey()) + "=" + Parameters.encode(e.getValue()))
                .collect(Collectors.joining("&"));
        String separator = mode == ResponseMode.FRAGMENT ? "#" : redirectUri.indexOf('?') < 0 ? "?" : "&";
        response.status(request.prologue().method().equals(Method.GET) ? Status.FOUND_302 : Status.SEE_OTHER_303)
                .header(HeaderNames.LOCATION, redirectUri + separator + encoded)
                .send();
    }

    /// Sources for `form-action`: browsers check every redirect that follows a form, and the application may
    /// send its users further, to any https address.
    List<String> formTargets() {
        int colon = redirectUri.indexOf(':');
        String scheme = colon < 0 ? "https" : redirectUri.substring(0, colon);
        if (scheme.equals("https")) {
            return List.of("https:");
        }
        // schemes of native clients and loopback; the characters are those of RFC 3986 §3.1
        return scheme.matches("[a-zA-Z][a-zA-Z0-9+.-]*") ? List.of("https:", scheme + ":") : List.of("https:");
    }
}
