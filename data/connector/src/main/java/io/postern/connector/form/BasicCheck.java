package io.postern.connector.form;

import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.postern.connector.serve.BackendCalls;
import io.postern.connector.serve.BackendCalls.Answer;
import io.postern.tunnel.BackendSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/// Asks an application for a page without and with the user's name and password by HTTP Basic, as [BasicSignOn]
/// would, and tells what it answers. Calls wait.
public final class BasicCheck {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String CHALLENGE = "challenge";
    private static final String CREDENTIAL = "credential";
    private static final String PROOF = "proof";

    private final BackendCalls calls;
    private final Credentials credentials;

    public BasicCheck(BackendCalls calls, Credentials credentials) {
        this.calls = calls;
        this.credentials = credentials;
    }

    /// @param path of the backend
    /// @param host for the field `Host`; absent: the backend's own
    /// @param who empty: nobody is signed in
    public List<LoginStep> walk(
            BackendSettings backend, String path, Optional<String> host, Optional<LoginCheck.Who> who) {
        var steps = new ArrayList<LoginStep>();
        String step = CHALLENGE;
        try {
            steps.add(challenge(path, ask(backend, path, host, Optional.empty())));
            if (who.isEmpty()) {
                steps.add(LoginStep.skipped(PROOF, "nobody is to be signed in"));
                return List.copyOf(steps);
            }
            step = CREDENTIAL;
            try (Credential credential =
                    credentials.fetch(who.get().application(), who.get().user())) {
                steps.add(LoginStep.passed(
                        CREDENTIAL,
                        "name '" + credential.user() + "' and a password that is sealed for this connector"));
                step = PROOF;
                steps.add(proof(path, ask(backend, path, host, Optional.of(credential))));
            }
        } catch (LoginFault e) {
            steps.add(LoginStep.failed(step, String.valueOf(e.getMessage()), LoginCheck.remedy(e)));
        }
        return List.copyOf(steps);
    }

    private static LoginStep challenge(String path, Answer answer) {
        String asks = answer.fields().getAll(HttpHeaderNames.WWW_AUTHENTICATE).stream()
                .map(text -> text.strip().split("[ ,]", 2)[0])
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
        String what = "GET '" + PageAddress.named(path) + "' without a name answers " + answer.status()
                + (asks.isEmpty() ? "" : " and asks for " + asks);
        return answer.status() == 401 && AsciiString.containsIgnoreCase(asks, "basic")
                ? LoginStep.passed(CHALLENGE, what)
                : new LoginStep(
                        CHALLENGE,
                        LoginStep.State.WARNING,
                        what + ", so it does not ask for HTTP Basic here",
                        "look whether the application wants HTTP Basic at all, or a form");
    }

    private static LoginStep proof(String path, Answer answer) {
        String what = "GET '" + PageAddress.named(path) + "' with them answers " + answer.status();
        if (answer.status() == 401) {
            return LoginStep.failed(
                    PROOF,
                    what,
                    "set name and password anew (postern app sso password-for). This try counts at the application as"
                            + " any other");
        }
        return answer.status() >= 400
                ? new LoginStep(PROOF, LoginStep.State.WARNING, what, "look at the backend's own log")
                : LoginStep.passed(PROOF, what);
    }

    private Answer ask(BackendSettings backend, String path, Optional<String> host, Optional<Credential> credential) {
        var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
        host.ifPresent(name -> request.headers().set(HttpHeaderNames.HOST, name));
        credential.ifPresent(c ->
                request.headers().set(HttpHeaderNames.AUTHORIZATION, new AsciiString(BasicSignOn.field(c), false)));
        try {
            return calls.send(backend, request, LIMIT).join();
        } catch (CompletionException e) {
            throw LoginFault.of(e);
        }
    }
}
