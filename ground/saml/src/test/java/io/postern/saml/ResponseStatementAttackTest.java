package io.postern.saml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.postern.saml.xml.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Attacks on what a response says: for whom, until when, in answer to what, and twice.
final class ResponseStatementAttackTest extends ResponseAttacks {
    @Override
    void attacks() {
        statements();
    }

    private void statements() {
        says("audience of another", Refusal.AUDIENCE, a -> with(a, List.of("https://other.example.com")));
        says("no audience", Refusal.AUDIENCE, a -> with(a, List.of()));
        says("audience that only begins like ours", Refusal.AUDIENCE, a -> with(a, List.of(Site.AUDIENCE + "/")));
        says(
                "recipient of another",
                Refusal.RECIPIENT,
                a -> with(
                        a,
                        new Assertion.Confirmation(
                                "https://other.example.com/acs",
                                a.confirmation().notOnOrAfter(),
                                Optional.of(Site.REQUEST))));
        says(
                "confirmation that is over",
                Refusal.CONFIRMATION_EXPIRED,
                a -> with(
                        a,
                        new Assertion.Confirmation(
                                Site.ACS, Site.NOW.minus(Duration.ofMinutes(3)), Optional.of(Site.REQUEST))));
        says(
                "answer to another request",
                Refusal.IN_RESPONSE_TO,
                a -> with(
                        a,
                        new Assertion.Confirmation(Site.ACS, a.confirmation().notOnOrAfter(), Optional.of("_other"))));
        says(
                "confirmation without a request",
                Refusal.IN_RESPONSE_TO,
                a -> with(
                        a, new Assertion.Confirmation(Site.ACS, a.confirmation().notOnOrAfter(), Optional.empty())));
        says("before its time", Refusal.NOT_YET, a -> with(a, Site.NOW.plus(Duration.ofMinutes(4)), a.notOnOrAfter()));
        says("after its time", Refusal.EXPIRED, a -> with(a, a.notBefore(), Site.NOW.minus(Duration.ofMinutes(3))));
        says(
                "issuer of another",
                Refusal.ISSUER,
                a -> new Assertion(
                        a.id(),
                        a.issued(),
                        "https://evil.example.com/",
                        a.subject(),
                        a.confirmation(),
                        a.notBefore(),
                        a.notOnOrAfter(),
                        a.audiences(),
                        a.authentication(),
                        a.attributes()));
        responds(
                "response of another issuer",
                Refusal.ISSUER,
                r -> r.header("Issuer").setTextContent("https://evil.example.com/"));
        responds(
                "destination of another",
                Refusal.DESTINATION,
                r -> r.root.setAttributeNS(null, "Destination", "https://sp.example.com/acs2"));
        responds("no destination", Refusal.DESTINATION, r -> r.root.removeAttributeNS(null, "Destination"));
        responds(
                "request taken out of the response",
                Refusal.IN_RESPONSE_TO,
                r -> r.root.removeAttributeNS(null, "InResponseTo"));
        responds(
                "another request in the response",
                Refusal.IN_RESPONSE_TO,
                r -> r.root.setAttributeNS(null, "InResponseTo", "_other"));
        responds(
                "refused sign-in",
                Refusal.STATUS,
                r -> r.the("StatusCode").setAttributeNS(null, "Value", SamlNames.STATUS_RESPONDER));
        row(
                "request of nobody",
                Refusal.IN_RESPONSE_TO,
                Site.expectations(),
                e -> request(e, Optional.empty(), false),
                () -> PostBinding.write(good(Response.Signed.ASSERTION)));
        row("not asked for", Refusal.UNSOLICITED, () -> {
            Assertion a = Site.assertion();
            Response r = Site.response(with(
                    a, new Assertion.Confirmation(Site.ACS, a.confirmation().notOnOrAfter(), Optional.empty())));
            return PostBinding.write(new Response(r.header(), Optional.empty(), r.status(), r.assertion())
                    .write(SIGNER, Response.Signed.ASSERTION, null));
        });
        rows.add(dynamicTest("replay → REPLAYED", () -> {
            var site = new Site();
            String field = PostBinding.write(good(Response.Signed.ASSERTION));
            site.read(field, Site.expectations());
            assertEquals(Optional.of(Refusal.REPLAYED), site.refusal(field, Site.expectations()));
        }));
    }

    private void says(String name, Refusal refusal, UnaryOperator<Assertion> change) {
        row(
                name,
                refusal,
                () -> PostBinding.write(
                        Site.response(change.apply(Site.assertion())).write(SIGNER, Response.Signed.ASSERTION, null)));
    }
}
