package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.publish.SignInSettings;
import io.postern.identity.Browser.Answer;
import io.postern.identity.factor.Totp;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.web.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A sign-in that is interrupted (6.2) is one chain in the log: each page that was due has its line and its code, the
/// last line is the success, and all have the correlation id of the exchange that began it.
class SignInChainTest {
    private static final String NAME = "new.comer@contoso.example";
    private static final String CHOSEN = "an entirely new gate";

    @TempDir
    Path folder;

    private LoginHost host;
    private Browser browser;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        host.set(new SignInSettings(SignInSettings.MfaNeed.EVERYBODY, true, true, Optional.empty()));
        host.assign(host.user(host.contoso, "new.comer", "New Comer", true), host.wiki);
        browser = host.browser();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private Answer begin(String exchange) {
        browser = host.browser().everyExchangeAnew(exchange);
        return browser.get(
                AuthorizeLink.of("contoso", host.wiki, LoginHost.CALLBACK).toString());
    }

    /// Oldest first: code, whether it is a success, proof so far.
    private List<String> chain(String correlation) {
        return host
                .store
                .read(s -> s.logs().find(host.contoso.id(), LogKind.SIGN_IN, LogQuery.newest(50)))
                .reversed()
                .stream()
                .map(entry -> Json.MAPPER.readTree(entry.text()))
                .filter(entry -> entry.path("correlationId").asString().equals(correlation))
                .map(SignInChainTest::line)
                .toList();
    }

    private static String line(JsonNode entry) {
        assertEquals(NAME, entry.path("userPrincipalName").asString());
        assertEquals("wiki", entry.path("appDisplayName").asString());
        assertTrue(entry.path("isInteractive").asBoolean());
        return entry.path("status").path("errorCode").asInt() + " "
                + entry.path("status").path("failureReason").asString();
    }

    @Test
    void tellsEveryInterruptAndTheEndUnderOneId() {
        Answer name = begin("first");
        Answer wrong = browser.submit(name, Map.of("username", NAME, "password", "not it"));
        Answer register = browser.submit(wrong, Map.of("username", NAME, "password", LoginHost.PASSWORD));
        String secret = secretOf(register);
        Answer codes = browser.submit(register, Map.of("code", Totp.at(secret, host.clock.instant())));
        Answer password = browser.submit(codes, Map.of());
        Answer stay = browser.submit(password, Map.of("new", CHOSEN, "again", CHOSEN));
        Answer done = browser.submit(stay, Map.of("stay", "yes"));

        assertTrue(done.parameter("code").isPresent(), done.toString());
        assertEquals(
                List.of(
                        "50126 The user name or the password is wrong. Check both and try again.",
                        "50072 The user must set up a second factor.",
                        "50055 The password must be changed.",
                        "50140 The user is asked whether to stay signed in.",
                        "0 Other."),
                chain("first"));

        host.clock.advance(Duration.ofMinutes(2));
        Answer again = begin("second");
        Answer factor = browser.submit(again, Map.of("username", NAME, "password", CHOSEN));
        Answer confirmed = browser.submit(factor, Map.of("code", Totp.at(secret, host.clock.instant())));
        Answer end = browser.submit(confirmed, Map.of("stay", "no"));

        assertTrue(end.parameter("code").isPresent(), end.toString());
        assertEquals(
                List.of(
                        "50074 A second factor is asked for.",
                        "50140 The user is asked whether to stay signed in.",
                        "0 Other."),
                chain("second"));
    }

    @Test
    void thePageOfARefusalNamesTheChain() {
        host.user(host.contoso, "un.assigned", "Un Assigned");
        host.set(new SignInSettings(SignInSettings.MfaNeed.NOBODY, false, false, Optional.empty()));

        Answer name = begin("refused");
        Answer refused =
                browser.submit(name, Map.of("username", "un.assigned@contoso.example", "password", LoginHost.PASSWORD));

        assertTrue(
                refused.body().contains("<dd>refused</dd>") && refused.body().contains("AADSTS50105"), refused.body());
        JsonNode entry = Json.MAPPER.readTree(host.store
                .read(s -> s.logs().find(host.contoso.id(), LogKind.SIGN_IN, LogQuery.newest(1)))
                .getFirst()
                .text());
        assertEquals(50105, entry.path("status").path("errorCode").asInt());
        assertEquals("refused", entry.path("correlationId").asString());
    }

    private static String secretOf(Answer page) {
        return page.body()
                .replaceAll("(?s).*<p class=\"secret\"><code>([^<]+)</code>.*", "$1")
                .replace(" ", "");
    }
}
