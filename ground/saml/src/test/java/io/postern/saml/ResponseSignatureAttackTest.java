package io.postern.saml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.saml.xml.AssertionEncryption;
import io.postern.saml.xml.AssertionEncryption.DataCipher;
import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SignatureAlgorithm;
import io.postern.saml.xml.XmlSigner;
import io.postern.saml.xml.XmlVerifier;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/// Attacks on who signed what: wrapping, forged and missing signatures, strange algorithms.
final class ResponseSignatureAttackTest extends ResponseAttacks {
    @Override
    void attacks() {
        wrappings();
        signatures();
    }

    @Test
    void takesWhatTheRowsBeginWith() throws RefusedMessage {
        for (Response.Signed signed : Response.Signed.values()) {
            Assertion read = new Site().read(PostBinding.write(good(signed)), Site.expectations());
            assertEquals(Site.USER, read.subject().value());
            assertEquals(Optional.of("_session1"), read.authentication().sessionIndex());
            var encryption = new AssertionEncryption(Site.SERVICE.certificate(), DataCipher.AES256_GCM);
            Element encrypted = Site.response(Site.assertion()).write(SIGNER, signed, encryption);
            Assertion opened = new Site().read(PostBinding.write(encrypted), Site.expectations());
            assertEquals(Site.USER, opened.subject().value());
        }
    }

    /// The wall behind the wall: nesting is refused before anything is verified, but were it not, the verifier
    /// would still hand out nothing that the provider did not sign.
    @Test
    void verifierHandsOutNothingThatWasNotSigned() {
        var verifier = new XmlVerifier(List.of(Site.PROVIDER.certificate().getPublicKey()), SignatureAlgorithm.STRONG);
        int handedOut = 0;
        for (int wrapping = 1; wrapping <= 9; wrapping++) {
            for (Response.Signed signed : List.of(Response.Signed.RESPONSE, Response.Signed.ASSERTION)) {
                var forgery = new Forgery(good(signed));
                Element target = signed == Response.Signed.RESPONSE ? forgery.root : forgery.the("Assertion");
                Element root = forgery.wrap(wrapping, target).root();
                for (Element element : Elements.descendants(root)) {
                    handedOut += handsOut(verifier, element) ? 1 : 0;
                }
                handedOut += handsOut(verifier, root) ? 1 : 0;
            }
        }
        assertTrue(handedOut > 0, "no wrapping left a good signature to be found");
    }

    private static boolean handsOut(XmlVerifier verifier, Element element) {
        try {
            String covered = Markup.write(verifier.verify(element).element());
            assertFalse(covered.contains(Forgery.EVIL), covered);
            return true;
        } catch (RefusedMessage e) {
            return false;
        }
    }

    private void wrappings() {
        Refusal[] response = new Refusal[10];
        Refusal[] assertion = new Refusal[10];
        Arrays.fill(response, Refusal.NESTED_MESSAGE);
        Arrays.fill(assertion, Refusal.NESTED_MESSAGE);
        assertion[3] = Refusal.SEVERAL_ASSERTIONS;
        assertion[5] = Refusal.SEVERAL_ASSERTIONS;
        assertion[9] = Refusal.SEVERAL_ASSERTIONS;
        for (int i = 1; i <= 9; i++) {
            int wrapping = i;
            String name = i == 9 ? "signed sibling" : "wrapping " + i;
            row(name + " of the response", response[i], () -> {
                var forgery = new Forgery(good(Response.Signed.RESPONSE));
                return forgery.wrap(wrapping, forgery.root).field();
            });
            row(name + " of the assertion", assertion[i], () -> {
                var forgery = new Forgery(good(Response.Signed.ASSERTION));
                return forgery.wrap(wrapping, forgery.the("Assertion")).field();
            });
        }
    }

    private void signatures() {
        forged("no signature at all", Refusal.UNSIGNED, f -> f.unsign(f.the("Assertion")));
        row(
                "signed by somebody else",
                Refusal.BAD_SIGNATURE,
                () -> PostBinding.write(
                        Site.response(Site.assertion()).write(Site.signer(Site.ATTACKER), Response.Signed.BOTH, null)));
        forged("another name", Refusal.BAD_SIGNATURE, f -> f.the("NameID").setTextContent(Forgery.EVIL));
        forged(
                "another attribute",
                Refusal.BAD_SIGNATURE,
                f -> f.the("AttributeValue").setTextContent(Forgery.EVIL));
        forged(
                "another recipient written in",
                Refusal.BAD_SIGNATURE,
                f -> f.the("SubjectConfirmationData").setAttributeNS(null, "NotOnOrAfter", "2036-01-01T00:00:00Z"));
        row("certificate of the attacker swapped in", Refusal.BAD_SIGNATURE, () -> {
            var forgery = new Forgery(good(Response.Signed.ASSERTION));
            forgery.the("NameID").setTextContent(Forgery.EVIL);
            forgery.the("X509Certificate").setTextContent(base64(Site.ATTACKER));
            return forgery.field();
        });
        row(
                "SHA-1 where nobody chose it",
                Refusal.ALGORITHM,
                () -> PostBinding.write(Site.response(Site.assertion())
                        .write(
                                new XmlSigner(Site.PROVIDER, SignatureAlgorithm.RSA_SHA1),
                                Response.Signed.ASSERTION,
                                null)));
        forged(
                "SHA-1 as the digest only",
                Refusal.DIGEST_ALGORITHM,
                f -> f.the("DigestMethod").setAttributeNS(null, "Algorithm", "http://www.w3.org/2000/09/xmldsig#sha1"));
        row("HMAC with the public certificate as its key", Refusal.ALGORITHM, this::hmac);
        forged(
                "an algorithm that nobody knows",
                Refusal.ALGORITHM,
                f -> f.the("SignatureMethod").setAttributeNS(null, "Algorithm", "urn:none"));
        for (String transform : List.of(
                "http://www.w3.org/TR/1999/REC-xslt-19991116",
                "http://www.w3.org/TR/1999/REC-xpath-19991116",
                "http://www.w3.org/2002/06/xmldsig-filter2",
                "http://www.w3.org/2000/09/xmldsig#base64",
                "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
                "urn:none")) {
            forged(
                    "transform " + transform,
                    Refusal.TRANSFORM,
                    f -> f.the("Transform").setAttributeNS(null, "Algorithm", transform));
        }
        forged(
                "a transform more",
                Refusal.TRANSFORM,
                f -> f.the("Transforms").appendChild(f.the("Transform").cloneNode(true)));
        forged("a transform less", Refusal.TRANSFORM, f -> f.the("Transforms").removeChild(f.the("Transform")));
        forged(
                "inclusive canonical XML",
                Refusal.CANONICALIZATION,
                f -> f.the("CanonicalizationMethod")
                        .setAttributeNS(null, "Algorithm", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"));
        forged(
                "two references",
                Refusal.SEVERAL_REFERENCES,
                f -> f.the("SignedInfo").appendChild(f.the("Reference").cloneNode(true)));
        forged(
                "no reference",
                Refusal.SEVERAL_REFERENCES,
                f -> f.the("SignedInfo").removeChild(f.the("Reference")));
        for (String uri : List.of("", "#", "#_other", "#xpointer(/)", "#xpointer(id('_evil'))", "http://127.0.0.1/x")) {
            forged(
                    "reference to '" + uri + "'",
                    Refusal.FOREIGN_REFERENCE,
                    f -> f.the("Reference").setAttributeNS(null, "URI", uri));
        }
        forged(
                "no reference URI",
                Refusal.FOREIGN_REFERENCE,
                f -> f.the("Reference").removeAttributeNS(null, "URI"));
        forged(
                "two signatures",
                Refusal.SEVERAL_SIGNATURES,
                f -> f.the("Assertion").appendChild(f.the("Signature").cloneNode(true)));
        forged(
                "an object in the signature",
                Refusal.SIGNATURE_OBJECT,
                f -> f.the("Signature")
                        .appendChild(f.root.getOwnerDocument().createElementNS(SamlNames.DSIG, "ds:Object")));
        forged(
                "a signature in the subject",
                Refusal.STRAY_SIGNATURE,
                f -> f.the("Subject").appendChild(f.the("Signature").cloneNode(true)));
        forged(
                "an empty signature value",
                Refusal.BAD_SIGNATURE,
                f -> f.the("SignatureValue").setTextContent(""));
        forged(
                "a signature value of noise",
                Refusal.BAD_SIGNATURE,
                f -> f.the("SignatureValue").setTextContent("§§"));
        row(
                "no certificate configured",
                Refusal.NO_KEY,
                Site.expectations(),
                e -> keys(e, List.of()),
                () -> PostBinding.write(good(Response.Signed.ASSERTION)));
    }

    /// The old trick: the verifier takes its RSA key for the secret of a MAC.
    private String hmac() throws GeneralSecurityException {
        var forgery = new Forgery(good(Response.Signed.ASSERTION));
        forgery.the("SignatureMethod")
                .setAttributeNS(null, "Algorithm", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Site.PROVIDER.certificate().getPublicKey().getEncoded(), "HmacSHA256"));
        forgery.the("SignatureValue")
                .setTextContent(Base64.getEncoder()
                        .encodeToString(mac.doFinal(
                                Markup.write(forgery.the("SignedInfo")).getBytes(StandardCharsets.UTF_8))));
        return forgery.field();
    }
}
