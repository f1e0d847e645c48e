package io.postern.saml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.postern.saml.xml.AssertionEncryption;
import io.postern.saml.xml.AssertionEncryption.DataCipher;
import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SignatureAlgorithm;
import io.postern.saml.xml.SigningKey;
import io.postern.saml.xml.XmlSigner;
import io.postern.saml.xml.XmlVerifier;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.w3c.dom.Element;

/// The table of attacks on responses: each is refused, for its own reason. The message that every row
/// begins with is taken, or the row would prove nothing.
final class ResponseAttackTest {
    private static final XmlSigner SIGNER = Site.signer(Site.PROVIDER);
    private final List<DynamicTest> rows = new ArrayList<>();

    @TestFactory
    List<DynamicTest> refusesEachAttackForItsOwnReason() {
        wrappings();
        signatures();
        texts();
        statements();
        shapes();
        ciphers();
        return rows;
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

    @Test
    void readsTextBesideCharacterDataAsOneValue() throws RefusedMessage {
        String xml = Markup.write(good(Response.Signed.ASSERTION))
                .replace(">" + Site.USER + "</saml:NameID>", "><![CDATA[b.simon]]>@contoso.example</saml:NameID>");
        assertEquals(
                Site.USER,
                new Site().read(base64(xml), Site.expectations()).subject().value());
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

    private void texts() {
        replaced(
                "comment in the name",
                Refusal.COMMENT,
                "@contoso.example</saml:NameID>",
                "<!-- -->@contoso.example</saml:NameID>");
        replaced(
                "comment in an attribute", Refusal.COMMENT, "</saml:AttributeValue>", "<!--x--></saml:AttributeValue>");
        replaced("processing instruction", Refusal.PROCESSING_INSTRUCTION, "</saml:NameID>", "<?x y?></saml:NameID>");
        prefixed("document type", Refusal.DTD, "<!DOCTYPE x>");
        prefixed("external entity", Refusal.DTD, "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>");
        prefixed("external document type", Refusal.DTD, "<!DOCTYPE x SYSTEM 'http://127.0.0.1:1/x.dtd'>");
        prefixed("parameter entity", Refusal.DTD, "<!DOCTYPE x [<!ENTITY % e SYSTEM 'http://127.0.0.1:1/'> %e;]>");
        prefixed("entity bomb", Refusal.DTD, "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>");
        replaced("undeclared entity", Refusal.NOT_XML, "</saml:NameID>", "&evil;</saml:NameID>");
        replaced(
                "XInclude, which nobody follows",
                Refusal.BAD_SIGNATURE,
                "</saml:NameID>",
                "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"file:///etc/passwd\"/></saml:NameID>");
        replaced("a space in the name", Refusal.BAD_SIGNATURE, "</saml:NameID>", " </saml:NameID>");
        changed(
                "UTF-16 with a document type",
                Refusal.NOT_UTF8,
                xml -> octets(
                        "\uFEFF<?xml version=\"1.0\" encoding=\"UTF-16\"?><!DOCTYPE x>" + xml,
                        StandardCharsets.UTF_16BE));
        changed(
                "UTF-7 declared",
                Refusal.DTD,
                xml -> octets("<?xml version=\"1.0\" encoding=\"UTF-7\"?><!DOCTYPE x>" + xml, StandardCharsets.UTF_8));
        changed("not base64", Refusal.NOT_BASE64, _ -> "%%%");
        changed("no XML", Refusal.NOT_XML, _ -> base64("hello"));
        changed("nothing", Refusal.NOT_XML, _ -> "");
        changed(
                "oversize",
                Refusal.OVERSIZE,
                xml -> base64(xml.replace("</saml:NameID>", " ".repeat(600_000) + "</saml:NameID>")));
        changed("deep nesting", Refusal.TOO_DEEP, _ -> base64("<a>".repeat(20_000) + "</a>".repeat(20_000)));
        changed(
                "thousands of elements",
                Refusal.TOO_MANY_ELEMENTS,
                _ -> base64("<a>" + "<b/>".repeat(20_000) + "</a>"));
        changed("a hundred attributes", Refusal.TOO_MANY_ATTRIBUTES, _ -> {
            var xml = new StringBuilder("<a");
            for (int i = 0; i < 100; i++) {
                xml.append(" a").append(i).append("=''");
            }
            return base64(xml + "/>");
        });
        replaced("prefix that is not declared", Refusal.NOT_XML, "<saml:NameID", "<x:NameID");
        replaced(
                "the same attribute by two prefixes",
                Refusal.NOT_XML,
                "<saml:NameID ",
                "<saml:NameID xmlns:p=\"urn:p\" xmlns:q=\"urn:p\" p:a=\"1\" q:a=\"2\" ");
        changed(
                "assertion in a namespace with a space",
                Refusal.STRAY_SIGNATURE,
                xml -> base64(xml.replace("<saml:Assertion ", "<x:Assertion xmlns:x=\"" + SamlNames.ASSERTION + " \" ")
                        .replace("</saml:Assertion>", "</x:Assertion>")));
        replaced("xmlns of the prefix xml", Refusal.NOT_XML, "<saml:NameID ", "<saml:NameID xmlns:xml=\"urn:p\" ");
        changed("another ID in another case", Refusal.DUPLICATE_ID, xml -> {
            String id = xml.replaceFirst("(?s).*<saml:Assertion[^>]* ID=\"([^\"]+)\".*", "$1");
            return base64(xml.replace("<saml:AttributeValue", "<saml:AttributeValue Id=\"" + id + "\""));
        });
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

    private void shapes() {
        responds("no assertion", Refusal.NO_ASSERTION, r -> r.root.removeChild(r.the("Assertion")));
        responds("another version", Refusal.VERSION, r -> r.root.setAttributeNS(null, "Version", "1.1"));
        responds("an ID with a digit in front", Refusal.BAD_ID, r -> r.root.setAttributeNS(null, "ID", "1abc"));
        responds("no ID", Refusal.MISSING, r -> r.root.removeAttributeNS(null, "ID"));
        responds(
                "a time without a zone",
                Refusal.BAD_VALUE,
                r -> r.root.setAttributeNS(null, "IssueInstant", "2026-11-22T08:00:00"));
        responds(
                "two issuers",
                Refusal.REPEATED,
                r -> r.root.appendChild(r.header("Issuer").cloneNode(true)));
        row(
                "a request at the place of a response",
                Refusal.WRONG_ROOT,
                () -> PostBinding.write(AuthnRequest.of(Header.of(Site.NOW, Site.ACS, Site.ISSUER), Site.ACS)
                        .write()));
        resigned("no subject", Refusal.NO_SUBJECT, f -> f.the("Assertion").removeChild(f.the("Subject")));
        resigned(
                "no authentication",
                Refusal.NO_AUTHENTICATION,
                f -> f.the("Assertion").removeChild(f.the("AuthnStatement")));
        resigned("no conditions", Refusal.MISSING, f -> f.the("Assertion").removeChild(f.the("Conditions")));
        resigned(
                "a condition of another world",
                Refusal.UNKNOWN_CONDITION,
                f -> f.the("Conditions")
                        .appendChild(
                                f.root.getOwnerDocument().createElementNS(SamlNames.ASSERTION, "saml:OnlyOnSundays")));
        resigned(
                "holder of key",
                Refusal.NOT_BEARER,
                f -> f.the("SubjectConfirmation")
                        .setAttributeNS(null, "Method", "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"));
        resigned(
                "two audience restrictions",
                Refusal.REPEATED,
                f -> f.the("Conditions")
                        .appendChild(f.the("AudienceRestriction").cloneNode(true)));
    }

    private void ciphers() {
        row(
                "encrypted for somebody else",
                Refusal.UNDECIPHERABLE,
                () -> encrypted(Site.ATTACKER, DataCipher.AES256_GCM));
        row("a cipher that tells of its padding", Refusal.CIPHER, () -> encrypted(Site.SERVICE, DataCipher.AES256_CBC));
        row("a changed cipher text", Refusal.UNDECIPHERABLE, () -> {
            var forgery = forgeryOf(encrypted(Site.SERVICE, DataCipher.AES256_GCM));
            Element value =
                    (Element) forgery.the("EncryptedData").getLastChild().getFirstChild();
            byte[] octets = Base64.getDecoder().decode(value.getTextContent());
            octets[40] ^= 1;
            value.setTextContent(Base64.getEncoder().encodeToString(octets));
            return forgery.field();
        });
        row("RSA without OAEP", Refusal.CIPHER, () -> {
            var forgery = forgeryOf(encrypted(Site.SERVICE, DataCipher.AES256_GCM));
            ((Element) forgery.the("EncryptedKey").getFirstChild())
                    .setAttributeNS(null, "Algorithm", "http://www.w3.org/2001/04/xmlenc#rsa-1_5");
            return forgery.field();
        });
        row("encrypted and never signed", Refusal.UNSIGNED, () -> {
            Element response = Site.response(Site.assertion())
                    .write(
                            SIGNER,
                            Response.Signed.RESPONSE,
                            new AssertionEncryption(Site.SERVICE.certificate(), DataCipher.AES256_GCM));
            var forgery = new Forgery(response);
            forgery.unsign(response);
            return forgery.field();
        });
    }

    private static String encrypted(SigningKey to, DataCipher cipher) {
        return PostBinding.write(Site.response(Site.assertion())
                .write(SIGNER, Response.Signed.ASSERTION, new AssertionEncryption(to.certificate(), cipher)));
    }

    private static Forgery forgeryOf(String field) throws RefusedMessage {
        return new Forgery(PostBinding.read(field));
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

    // rows --------------------------------------------------------------------------------------------

    private interface Message {
        String make() throws Exception;
    }

    private void row(String name, Refusal refusal, Message message) {
        row(name, refusal, Site.expectations(), UnaryOperator.identity(), message);
    }

    private void row(
            String name, Refusal refusal, Expectations base, UnaryOperator<Expectations> change, Message message) {
        rows.add(dynamicTest(
                name + " → " + refusal,
                () -> assertEquals(Optional.of(refusal), new Site().refusal(message.make(), change.apply(base)))));
    }

    /// The assertion is signed; then the attacker has the message.
    private void forged(String name, Refusal refusal, Consumer<Forgery> attack) {
        row(name, refusal, () -> {
            var forgery = new Forgery(good(Response.Signed.ASSERTION));
            attack.accept(forgery);
            return forgery.field();
        });
    }

    /// What the attacker changes is the part outside of the assertion's signature.
    private void responds(String name, Refusal refusal, Consumer<Outside> attack) {
        forged(name, refusal, f -> attack.accept(new Outside(f)));
    }

    /// The response's own elements.
    private static final class Outside {
        final Element root;
        private final Forgery forgery;

        Outside(Forgery forgery) {
            this.forgery = forgery;
            root = forgery.root;
        }

        Element the(String name) {
            return forgery.the(name);
        }

        Element header(String name) {
            return Elements.children(root, SamlNames.ASSERTION, name).getFirst();
        }
    }

    /// The provider itself signs a strange assertion.
    private void resigned(String name, Refusal refusal, Consumer<Forgery> strange) {
        row(name, refusal, () -> {
            Element response = Site.response(Site.assertion()).write(SIGNER, Response.Signed.ASSERTION, null);
            var forgery = new Forgery(response);
            Element assertion = forgery.the("Assertion");
            forgery.unsign(assertion);
            strange.accept(forgery);
            SIGNER.sign(assertion, "ID", assertion.getFirstChild().getNextSibling());
            return forgery.field();
        });
    }

    private void says(String name, Refusal refusal, UnaryOperator<Assertion> change) {
        row(
                name,
                refusal,
                () -> PostBinding.write(
                        Site.response(change.apply(Site.assertion())).write(SIGNER, Response.Signed.ASSERTION, null)));
    }

    private void changed(String name, Refusal refusal, UnaryOperator<String> change) {
        row(name, refusal, () -> change.apply(Markup.write(good(Response.Signed.ASSERTION))));
    }

    private void replaced(String name, Refusal refusal, String old, String fresh) {
        changed(name, refusal, xml -> {
            String forged = xml.replace(old, fresh);
            if (forged.equals(xml)) {
                throw new AssertionError("nothing to replace: " + old);
            }
            return base64(forged);
        });
    }

    private void prefixed(String name, Refusal refusal, String prefix) {
        changed(name, refusal, xml -> base64(prefix + xml));
    }

    private static Element good(Response.Signed signed) {
        return Site.response(Site.assertion()).write(SIGNER, signed, null);
    }

    private static Assertion with(Assertion a, List<String> audiences) {
        return new Assertion(
                a.id(),
                a.issued(),
                a.issuer(),
                a.subject(),
                a.confirmation(),
                a.notBefore(),
                a.notOnOrAfter(),
                audiences,
                a.authentication(),
                a.attributes());
    }

    private static Assertion with(Assertion a, Assertion.Confirmation confirmation) {
        return new Assertion(
                a.id(),
                a.issued(),
                a.issuer(),
                a.subject(),
                confirmation,
                a.notBefore(),
                a.notOnOrAfter(),
                a.audiences(),
                a.authentication(),
                a.attributes());
    }

    private static Assertion with(Assertion a, Instant notBefore, Instant notOnOrAfter) {
        return new Assertion(
                a.id(),
                a.issued(),
                a.issuer(),
                a.subject(),
                a.confirmation(),
                notBefore,
                notOnOrAfter,
                a.audiences(),
                a.authentication(),
                a.attributes());
    }

    private static Expectations keys(Expectations e, List<PublicKey> keys) {
        return new Expectations(
                e.issuer(),
                keys,
                e.algorithms(),
                e.audience(),
                e.recipient(),
                e.request(),
                e.unsolicited(),
                e.skew(),
                e.decryption());
    }

    private static Expectations request(Expectations e, Optional<String> request, boolean unsolicited) {
        return new Expectations(
                e.issuer(),
                e.keys(),
                e.algorithms(),
                e.audience(),
                e.recipient(),
                request,
                unsolicited,
                e.skew(),
                e.decryption());
    }

    private static String base64(String xml) {
        return octets(xml, StandardCharsets.UTF_8);
    }

    private static String octets(String xml, Charset charset) {
        return Base64.getEncoder().encodeToString(xml.getBytes(charset));
    }

    private static String base64(SigningKey key) {
        try {
            return Base64.getEncoder().encodeToString(key.certificate().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
