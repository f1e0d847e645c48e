package io.postern.saml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.postern.saml.xml.Markup;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SignatureAlgorithm;
import io.postern.saml.xml.XmlSigner;
import io.postern.saml.xml.XmlVerifier;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.w3c.dom.Element;

/// The table of attacks on requests, where the service provider's certificate is configured: by redirect,
/// where the query is signed, and by POST, where the element is.
final class RequestAttackTest {
    private static final XmlVerifier VERIFIER =
            new XmlVerifier(List.of(Site.SERVICE.certificate().getPublicKey()), SignatureAlgorithm.STRONG);
    private final List<DynamicTest> rows = new ArrayList<>();

    private interface Message {
        String make() throws RefusedMessage;
    }

    @Test
    void takesWhatTheRowsBeginWith() throws RefusedMessage {
        var received = RedirectBinding.read(query(), "SAMLRequest");
        received.verify(VERIFIER);
        assertEquals(Optional.of(Site.ACS), AuthnRequest.read(received.root()).reply());
        assertEquals(Optional.of("state & more"), received.relayState());
        Element posted = PostBinding.read(field(signed()));
        assertEquals(
                Optional.of(Site.ACS),
                AuthnRequest.read(VERIFIER.verify(posted).element()).reply());
    }

    @Test
    void signatureHoldsForTheOctetsAsTheyCame() throws RefusedMessage {
        // other encoders write lower-case escapes, and other orders: neither may be written anew before verifying
        String[] parts = query().split("&");
        RedirectBinding.read(parts[1] + "&" + parts[2] + "&" + parts[3] + "&" + parts[0], "SAMLRequest")
                .verify(VERIFIER);
        String lower = unsigned().replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d") + "&SigAlg="
                + encode(SignatureAlgorithm.RSA_SHA256.uri()).replace("%3A", "%3a");
        byte[] signature = Site.signer(Site.SERVICE).sign(lower.getBytes(StandardCharsets.UTF_8));
        RedirectBinding.read(
                        lower + "&Signature=" + encode(Base64.getEncoder().encodeToString(signature)), "SAMLRequest")
                .verify(VERIFIER);
    }

    @TestFactory
    List<DynamicTest> refusesEachAttackForItsOwnReason() {
        redirects();
        posts();
        return rows;
    }

    private void redirects() {
        redirect("no signature", Refusal.UNSIGNED, RequestAttackTest::unsigned);
        redirect("signature taken away", Refusal.MISSING, () -> query().replaceAll("&Signature=[^&]*", ""));
        redirect("algorithm taken away", Refusal.MISSING, () -> query().replaceAll("&SigAlg=[^&]*", ""));
        redirect("another relay state", Refusal.BAD_SIGNATURE, () -> query().replace("state", "State"));
        redirect("relay state taken away", Refusal.BAD_SIGNATURE, () -> query().replaceAll("&RelayState=[^&]*", ""));
        redirect(
                "signed by somebody else",
                Refusal.BAD_SIGNATURE,
                () -> RedirectBinding.write("SAMLRequest", request(), Optional.empty(), Site.signer(Site.ATTACKER)));
        redirect(
                "SHA-1 where nobody chose it",
                Refusal.ALGORITHM,
                () -> RedirectBinding.write(
                        "SAMLRequest",
                        request(),
                        Optional.empty(),
                        new XmlSigner(Site.SERVICE, SignatureAlgorithm.RSA_SHA1)));
        redirect("HMAC", Refusal.ALGORITHM, () -> query().replace("rsa-sha256", "hmac-sha256"));
        redirect("another algorithm", Refusal.BAD_SIGNATURE, () -> query().replace("rsa-sha256", "rsa-sha512"));
        redirect("signature of another message", Refusal.BAD_SIGNATURE, () -> {
            String other = query().split("&")[0];
            return query().replaceFirst("SAMLRequest=[^&]*", other);
        });
        redirect("two messages", Refusal.REPEATED_PARAMETER, () -> query() + "&" + unsigned());
        redirect(
                "the name of a parameter escaped, twice",
                Refusal.REPEATED_PARAMETER,
                () -> query() + "&SAML%52equest=x");
        redirect("two relay states", Refusal.REPEATED_PARAMETER, () -> query() + "&RelayState=x");
        redirect("no message", Refusal.MISSING, () -> "RelayState=x");
        redirect("no base64", Refusal.NOT_BASE64, () -> "SAMLRequest=%25%25");
        redirect("not compressed", Refusal.NOT_DEFLATED, () -> "SAMLRequest=" + encode(field(request())));
        redirect(
                "a compressed message that ends early",
                Refusal.NOT_DEFLATED,
                () -> "SAMLRequest=" + encode(Base64.getEncoder().encodeToString(new byte[] {(byte) 0x4b})));
        redirect(
                "something behind the compressed message",
                Refusal.NOT_DEFLATED,
                () -> "SAMLRequest="
                        + encode(Base64.getEncoder().encodeToString(deflated(Markup.write(request()), " more"))));
        redirect(
                "a message that inflates to 40 MiB",
                Refusal.INFLATES_TOO_FAR,
                () -> "SAMLRequest=" + encode(Base64.getEncoder().encodeToString(deflated(" ".repeat(40 << 20), ""))));
        redirect("a long query", Refusal.OVERSIZE, () -> "SAMLRequest=" + "A".repeat(70_000));
        redirect("bad escapes", Refusal.BAD_VALUE, () -> "SAMLRequest=%zz");
        redirect(
                "a document type",
                Refusal.DTD,
                () -> "SAMLRequest="
                        + encode(Base64.getEncoder()
                                .encodeToString(deflated("<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>", ""))));
        redirect(
                "a response at the place of a request",
                Refusal.WRONG_ROOT,
                () -> RedirectBinding.write(
                        "SAMLRequest",
                        new LogoutResponse(
                                        Header.of(Site.NOW, Site.ISSUER, Site.AUDIENCE),
                                        Optional.empty(),
                                        Status.SUCCESS)
                                .write(),
                        Optional.empty(),
                        Site.signer(Site.SERVICE)));
    }

    private void posts() {
        post("posted without a signature", Refusal.UNSIGNED, () -> field(request()));
        post("posted, signature taken away", Refusal.UNSIGNED, () -> {
            var forgery = new Forgery(signed());
            forgery.unsign(forgery.root);
            return forgery.field();
        });
        post("posted, reply address changed", Refusal.BAD_SIGNATURE, () -> {
            var forgery = new Forgery(signed());
            forgery.root.setAttributeNS(null, "AssertionConsumerServiceURL", "https://evil.example.com/");
            return forgery.field();
        });
        post("posted, signed by somebody else", Refusal.BAD_SIGNATURE, () -> {
            Element request = request();
            Site.signer(Site.ATTACKER).sign(request, "ID", null);
            return field(request);
        });
        for (int i = 1; i <= 8; i++) {
            int wrapping = i;
            Refusal refusal = switch (i) {
                case 3, 4, 7 -> i == 7 ? null : Refusal.UNSIGNED;
                case 8 -> Refusal.SIGNATURE_OBJECT;
                default -> Refusal.FOREIGN_REFERENCE;
            };
            if (refusal != null) {
                post("posted, wrapping " + i, refusal, () -> {
                    var forgery = new Forgery(signed());
                    return field(forgery.wrap(wrapping, forgery.root).root());
                });
            }
        }
        post("posted, something slipped into the signed request", Refusal.BAD_SIGNATURE, () -> {
            var forgery = new Forgery(signed());
            return forgery.wrap(7, forgery.root).field();
        });
    }

    @Test
    void oneKeyOfSeveralIsEnough() throws RefusedMessage {
        var both = new XmlVerifier(
                List.of(
                        Site.ATTACKER.certificate().getPublicKey(),
                        Site.SERVICE.certificate().getPublicKey()),
                SignatureAlgorithm.STRONG);
        RedirectBinding.read(query(), "SAMLRequest").verify(both);
        both.verify(PostBinding.read(field(signed())));
        var none = new XmlVerifier(List.of(), SignatureAlgorithm.STRONG);
        assertEquals(
                Refusal.NO_KEY,
                assertThrows(
                                RefusedMessage.class,
                                () -> RedirectBinding.read(query(), "SAMLRequest")
                                        .verify(none))
                        .refusal());
    }

    private void redirect(String name, Refusal refusal, Message query) {
        rows.add(dynamicTest(name + " → " + refusal, () -> {
            RefusedMessage refused = assertThrows(RefusedMessage.class, () -> {
                var received = RedirectBinding.read(query.make(), "SAMLRequest");
                received.verify(VERIFIER);
                AuthnRequest.read(received.root());
            });
            assertEquals(refusal, refused.refusal());
        }));
    }

    private void post(String name, Refusal refusal, Message field) {
        rows.add(dynamicTest(name + " → " + refusal, () -> {
            RefusedMessage refused = assertThrows(
                    RefusedMessage.class,
                    () -> AuthnRequest.read(
                            VERIFIER.verify(PostBinding.read(field.make())).element()));
            assertEquals(refusal, refused.refusal());
        }));
    }

    private static Element request() {
        return AuthnRequest.of(Header.of(Site.NOW, Site.ISSUER, Site.AUDIENCE), Site.ACS)
                .write();
    }

    private static Element signed() {
        Element request = request();
        Site.signer(Site.SERVICE).sign(request, "ID", request.getFirstChild().getNextSibling());
        return request;
    }

    private static String query() {
        return RedirectBinding.write("SAMLRequest", request(), Optional.of("state & more"), Site.signer(Site.SERVICE));
    }

    private static String unsigned() {
        return RedirectBinding.write("SAMLRequest", request(), Optional.of("state & more"), null);
    }

    private static String field(Element message) {
        return PostBinding.write(message);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static byte[] deflated(String text, String behind) {
        var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
        deflater.finish();
        var out = new ByteArrayOutputStream();
        byte[] part = new byte[4096];
        while (!deflater.finished()) {
            out.write(part, 0, deflater.deflate(part));
        }
        deflater.end();
        out.writeBytes(behind.getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }
}
