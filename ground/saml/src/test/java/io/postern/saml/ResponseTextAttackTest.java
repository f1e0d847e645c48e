package io.postern.saml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.saml.xml.Markup;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/// Attacks on how a response is read: comments, DTDs, codings, size, shape.
final class ResponseTextAttackTest extends ResponseAttacks {
    @Override
    void attacks() {
        texts();
        shapes();
    }

    @Test
    void readsTextBesideCharacterDataAsOneValue() throws RefusedMessage {
        String xml = Markup.write(good(Response.Signed.ASSERTION))
                .replace(">" + Site.USER + "</saml:NameID>", "><![CDATA[b.simon]]>@contoso.example</saml:NameID>");
        assertEquals(
                Site.USER,
                new Site().read(base64(xml), Site.expectations()).subject().value());
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
}
