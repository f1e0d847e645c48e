package io.postern.saml.wsfed;

import io.postern.saml.Assertion;
import io.postern.saml.Attribute;
import io.postern.saml.AuthnContexts;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.XmlSigner;
import java.time.Instant;
import org.w3c.dom.Element;

/// RequestSecurityTokenResponse (WS-Trust 1.2 of February 2005, as WS-Federation 1.2 posts it in `wresult`).
public final class TokenResponse {
    private static final String TRUST = "http://schemas.xmlsoap.org/ws/2005/02/trust";
    private static final String POLICY = "http://schemas.xmlsoap.org/ws/2004/09/policy";
    private static final String WSA = "http://www.w3.org/2005/08/addressing";
    private static final String WSU =
            "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
    private static final String SAML11 = "urn:oasis:names:tc:SAML:1.0:assertion";
    private static final String BEARER = "urn:oasis:names:tc:SAML:1.0:cm:bearer";

    /// What kind of token goes in.
    public enum TokenType {
        SAML_1_1,
        SAML_2_0
    }

    private TokenResponse() {}

    /// @param realm wtrealm of the application
    public static Element write(Assertion assertion, String realm, TokenType type, XmlSigner signer) {
        Markup response = Markup.root(TRUST, "t:RequestSecurityTokenResponse");
        Markup lifetime = response.child(TRUST, "t:Lifetime");
        lifetime.child(WSU, "wsu:Created").text(Markup.text(assertion.notBefore()));
        lifetime.child(WSU, "wsu:Expires").text(Markup.text(assertion.notOnOrAfter()));
        response.child(POLICY, "wsp:AppliesTo")
                .child(WSA, "wsa:EndpointReference")
                .child(WSA, "wsa:Address")
                .text(realm);
        Element token = type == TokenType.SAML_1_1 ? saml11(assertion, signer) : saml20(assertion, signer);
        response.child(TRUST, "t:RequestedSecurityToken").append(token);
        response.child(TRUST, "t:TokenType")
                .text(type == TokenType.SAML_1_1 ? SAML11 : "urn:oasis:names:tc:SAML:2.0:assertion");
        response.child(TRUST, "t:RequestType").text(TRUST + "/Issue");
        response.child(TRUST, "t:KeyType").text("http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey");
        return response.element();
    }

    private static Element saml20(Assertion assertion, XmlSigner signer) {
        Element element = assertion.write();
        signer.sign(element, "ID", element.getFirstChild().getNextSibling());
        return element;
    }

    /// The same statements in the older words; its schema wants the signature last.
    private static Element saml11(Assertion assertion, XmlSigner signer) {
        Markup token = Markup.root(SAML11, "saml:Assertion")
                .attribute("MajorVersion", "1")
                .attribute("MinorVersion", "1")
                .attribute("AssertionID", assertion.id())
                .attribute("Issuer", assertion.issuer())
                .attribute("IssueInstant", assertion.issued());
        Markup restriction = token.child(SAML11, "saml:Conditions")
                .attribute("NotBefore", assertion.notBefore())
                .attribute("NotOnOrAfter", assertion.notOnOrAfter())
                .child(SAML11, "saml:AudienceRestrictionCondition");
        assertion
                .audiences()
                .forEach(a -> restriction.child(SAML11, "saml:Audience").text(a));
        if (!assertion.attributes().isEmpty()) {
            Markup statement = token.child(SAML11, "saml:AttributeStatement");
            subject(statement, assertion);
            assertion.attributes().forEach(a -> attribute(statement, a));
        }
        Instant authenticated = assertion.authentication().instant();
        Markup authentication = token.child(SAML11, "saml:AuthenticationStatement")
                .attribute(
                        "AuthenticationMethod",
                        method(assertion.authentication().classRef()))
                .attribute("AuthenticationInstant", authenticated);
        subject(authentication, assertion);
        signer.sign(token.element(), "AssertionID", null);
        return token.element();
    }

    private static void subject(Markup statement, Assertion assertion) {
        Markup subject = statement.child(SAML11, "saml:Subject");
        subject.child(SAML11, "saml:NameIdentifier")
                .attribute("Format", assertion.subject().format())
                .text(assertion.subject().value());
        subject.child(SAML11, "saml:SubjectConfirmation")
                .child(SAML11, "saml:ConfirmationMethod")
                .text(BEARER);
    }

    /// SAML 1.1 has the name and its namespace apart.
    private static void attribute(Markup statement, Attribute attribute) {
        int slash = attribute.name().lastIndexOf('/');
        Markup element = statement
                .child(SAML11, "saml:Attribute")
                .attribute("AttributeName", attribute.name().substring(slash + 1))
                .attribute(
                        "AttributeNamespace", slash < 0 ? "" : attribute.name().substring(0, slash));
        attribute
                .values()
                .forEach(v -> element.child(SAML11, "saml:AttributeValue").text(v));
    }

    private static String method(String classRef) {
        return classRef.equals(AuthnContexts.PASSWORD) || classRef.equals(AuthnContexts.PASSWORD_PROTECTED_TRANSPORT)
                ? "urn:oasis:names:tc:SAML:1.0:am:password"
                : "urn:oasis:names:tc:SAML:1.0:am:unspecified";
    }
}
