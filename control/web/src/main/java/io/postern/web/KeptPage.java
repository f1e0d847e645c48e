package io.postern.web;

import io.helidon.webserver.http.HttpRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Shows a page once more in another language that no address leads to, because it is a step of a sign-in or the
/// answer to a form.
///
/// The page travels sealed in the form at its own foot, for one browser and as long as its forms hold. Whoever
/// posts it gets what he has: the same ticket, the same challenge, the same codes. No step is done, opened or
/// renewed by it, and no try is counted, since nothing but this class sees the request.
final class KeptPage {
    /// Beyond it the page has no switch: the form must stay well below what [Bodies#form] takes.
    private static final int SEALED_MAX = 128 * 1024;

    private static final Map<String, Class<? extends View>> KINDS = Stream.<Class<? extends View>>of(
                    AccountPage.class,
                    ConsentPage.class,
                    DeviceConfirmPage.class,
                    InvitationPage.class,
                    MessagePage.class,
                    NewPasswordPage.class,
                    RecoveryCodesPage.class,
                    RegisterPage.class,
                    SecondFactorPage.class,
                    SignInPage.class,
                    SignOnTrialPage.class,
                    SignedOutPage.class,
                    StayPage.class,
                    UserNamePage.class)
            .collect(Collectors.toUnmodifiableMap(Class::getSimpleName, Function.identity()));

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(MapperFeature.OVERRIDE_PUBLIC_ACCESS_MODIFIERS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES) // what a view tells beside its components
            .build();

    /// @param status that it was first sent with
    record Again(int status, View view) {}

    private final Sealer sealer;
    private final Csrf csrf;
    private final Clock clock;

    KeptPage(KeyRing ring, Clock clock) {
        this.sealer = new Sealer(ring, "kept-page");
        this.csrf = new Csrf(ring, clock);
        this.clock = clock;
    }

    /// Empty for a page that is too large to be carried about.
    Optional<String> seal(HttpRequest request, ServerResponse response, int status, View view) {
        String kind = view.getClass().getSimpleName();
        if (!view.getClass().equals(KINDS.get(kind))) {
            throw new IllegalArgumentException(kind + " is not in the list of pages that can be kept; add it");
        }
        ObjectNode kept = MAPPER.createObjectNode();
        kept.put("kind", kind)
                .put("status", status)
                .put("expires", clock.instant().plus(Csrf.LIFETIME).getEpochSecond())
                .set("view", Said.keys(MAPPER.valueToTree(view)));
        String sealed = sealer.seal(kept.toString().getBytes(StandardCharsets.UTF_8), csrf.browser(request, response));
        return sealed.length() > SEALED_MAX ? Optional.empty() : Optional.of(sealed);
    }

    /// In the language of now. Empty when it was sealed for another browser, too long ago, or not by us.
    Optional<Again> open(HttpRequest request, ServerResponse response, String sealed) {
        return sealer.open(sealed, csrf.browser(request, response))
                .map(plain -> MAPPER.readTree(new String(plain, StandardCharsets.UTF_8)))
                .filter(kept -> clock.instant()
                        .isBefore(Instant.ofEpochSecond(kept.path("expires").asLong())))
                .map(kept -> new Again(kept.path("status").asInt(), view(kept)));
    }

    private static View view(JsonNode kept) {
        Class<? extends View> kind = KINDS.get(kept.path("kind").asString());
        if (kind == null) {
            throw new IllegalStateException("a kept page of no kind"); // only we can have sealed it
        }
        return MAPPER.treeToValue(Said.words(kept.path("view"), Languages.now()), kind);
    }
}
