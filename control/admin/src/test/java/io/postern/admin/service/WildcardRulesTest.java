package io.postern.admin.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.service.PublishingDraft.SegmentDraft;
import io.postern.domain.publish.Publishing;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What may be published as a wildcard (1.6) or in segments (1.7), in a service with a certificate for
/// `*.apps.example`.
class WildcardRulesTest {
    private static final String INSIDE = "http://*.corp/";
    private static final String OUTSIDE = "https://*.apps.example/";

    private final PublishingRules rules =
            new PublishingRules(new Site("postern.test", 8443), host -> host.matches("(\\*|[^.*]+)\\.apps\\.example"));

    private static PublishingDraft draft(String internal, String external, SegmentDraft... segments) {
        return new PublishingDraft(
                Edit.to(external),
                Edit.to(internal),
                Edit.none(),
                Edit.none(),
                Edit.to(List.of(segments)),
                Optional.empty(),
                UnaryOperator.identity());
    }

    private static SegmentDraft segment(String external) {
        return new SegmentDraft(external, "http://one.corp/", Edit.none(), List.of());
    }

    private PublishingRules.Checked check(PublishingDraft draft, Optional<Publishing> current) {
        return rules.check(draft, current, "App", "contoso", List.of());
    }

    private String refusal(PublishingDraft draft) {
        var refused = assertThrows(Rejected.class, () -> check(draft, Optional.empty()));
        return String.valueOf(refused.getMessage());
    }

    @Test
    void takesAWildcardOfACustomDomain() {
        Publishing publishing = check(draft(INSIDE, OUTSIDE), Optional.empty()).publishing();

        assertEquals(OUTSIDE, publishing.externalUrl().toString());
        assertEquals(INSIDE, publishing.internalUrl().toString());
    }

    @Test
    void takesBackTheUrlThatIsShownWithThePort() {
        assertEquals(
                OUTSIDE,
                check(draft(INSIDE, "https://*.apps.example:8443/"), Optional.empty())
                        .publishing()
                        .externalUrl()
                        .toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            WILD-1 not leftmost     | http://*.corp/      | https://a.*.apps.example/   | WILD-1
            WILD-1 two of them      | http://*.corp/      | https://*.*.apps.example/   | WILD-1
            WILD-1 part of a label  | http://*.corp/      | https://a*.apps.example/    | WILD-1
            WILD-1 inside           | http://a.*.corp/    | https://*.apps.example/     | WILD-1
            WILD-1 everything       | http://*/           | https://*.apps.example/     | WILD-1
            WILD-2 base domain      | http://*.corp/      | https://*.postern.test/     | WILD-2
            WILD-2 no certificate   | http://*.corp/      | https://*.other.example/    | WILD-2
            PUB-7 only outside      | http://one.corp/    | https://*.apps.example/     | PUB-7
            PUB-7 only inside       | http://*.corp/      | https://one.apps.example/   | PUB-7
            PUB-7 path outside      | http://*.corp/      | https://*.apps.example/a/   | PUB-7
            PUB-7 path inside       | http://*.corp/a/    | https://*.apps.example/     | PUB-7
            """)
    void refusesNamingTheRule(String what, String internal, String external, String rule) {
        assertTrue(refusal(draft(internal, external)).contains(rule), () -> what + refusal(draft(internal, external)));
    }

    @ParameterizedTest
    @CsvSource({
        "https://one.other.example/, DOM-4",
        "https://*.apps.example/, CPX-1",
        "http://one.apps.example/, CPX-1",
        "https://login.postern.test/, reserved",
        "https://one.apps.example/.postern/, reserved",
    })
    void refusesASegmentThatIsNoHostUnderTheWildcard(String external, String message) {
        String refusal = refusal(draft(INSIDE, OUTSIDE, segment(external)));

        assertTrue(refusal.contains(message), refusal);
    }

    /// CPX-1
    @Test
    void refusesSegmentsWithoutAWildcard() {
        String refusal =
                refusal(draft("http://one.corp/", "https://one.apps.example/", segment("https://two.apps.example/")));

        assertTrue(refusal.contains("CPX-1"), refusal);
    }

    /// CPX-3 is the original's limit of two, which is none here.
    @Test
    void takesMoreThanTwoSegments() {
        Publishing publishing = check(
                        draft(
                                INSIDE,
                                OUTSIDE,
                                segment("https://one.apps.example/"),
                                segment("https://two.apps.example/"),
                                segment("https://two.apps.example/path/")),
                        Optional.empty())
                .publishing();

        assertEquals(3, publishing.segments().size());
    }

    /// CPX-4
    @Test
    void warnsWhenTheLastSegmentGoes() {
        Publishing complex = check(draft(INSIDE, OUTSIDE, segment("https://one.apps.example/")), Optional.empty())
                .publishing();

        List<String> warnings =
                check(draft(INSIDE, OUTSIDE), Optional.of(complex)).warnings();

        assertTrue(warnings.stream().anyMatch(w -> w.contains("CPX-4")), warnings.toString());
        assertTrue(check(draft(INSIDE, OUTSIDE), Optional.empty()).warnings().stream()
                .noneMatch(w -> w.contains("CPX-4")));
    }
}
