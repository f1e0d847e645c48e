package io.postern.saml;

import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Element;

/// What an identity provider states about one sign-in of one user.
///
/// @param audiences for whom; never empty in ours
public record Assertion(
        String id,
        Instant issued,
        String issuer,
        NameId subject,
        Confirmation confirmation,
        Instant notBefore,
        Instant notOnOrAfter,
        List<String> audiences,
        Authentication authentication,
        List<Attribute> attributes) {
    public Assertion {
        audiences = List.copyOf(audiences);
        attributes = List.copyOf(attributes);
    }

    /// Who brings the assertion, where to and until when, is believed to be its subject (bearer).
    public record Confirmation(String recipient, Instant notOnOrAfter, Optional<String> inResponseTo) {}

    /// How and when the user signed in.
    ///
    /// @param sessionIndex names the session at logout
    public record Authentication(
            Instant instant, Optional<String> sessionIndex, String classRef, Optional<Instant> sessionNotOnOrAfter) {}

    /// An element in a document of its own.
    public Element write() {
        Markup assertion = Markup.root(SamlNames.ASSERTION, "saml:Assertion")
                .attribute("ID", id)
                .attribute("Version", Header.VERSION)
                .attribute("IssueInstant", issued);
        assertion.child(SamlNames.ASSERTION, "saml:Issuer").text(issuer);
        Markup who = assertion.child(SamlNames.ASSERTION, "saml:Subject");
        subject.write(who);
        who.child(SamlNames.ASSERTION, "saml:SubjectConfirmation")
                .attribute("Method", SamlNames.BEARER)
                .child(SamlNames.ASSERTION, "saml:SubjectConfirmationData")
                .attribute("InResponseTo", confirmation.inResponseTo())
                .attribute("NotOnOrAfter", confirmation.notOnOrAfter())
                .attribute("Recipient", confirmation.recipient());
        Markup restriction = assertion
                .child(SamlNames.ASSERTION, "saml:Conditions")
                .attribute("NotBefore", notBefore)
                .attribute("NotOnOrAfter", notOnOrAfter)
                .child(SamlNames.ASSERTION, "saml:AudienceRestriction");
        audiences.forEach(audience ->
                restriction.child(SamlNames.ASSERTION, "saml:Audience").text(audience));
        if (!attributes.isEmpty()) {
            Markup statement = assertion.child(SamlNames.ASSERTION, "saml:AttributeStatement");
            attributes.forEach(attribute -> attribute.write(statement));
        }
        Markup authn = assertion
                .child(SamlNames.ASSERTION, "saml:AuthnStatement")
                .attribute("AuthnInstant", authentication.instant())
                .attribute("SessionIndex", authentication.sessionIndex());
        authentication.sessionNotOnOrAfter().ifPresent(end -> authn.attribute("SessionNotOnOrAfter", end));
        authn.child(SamlNames.ASSERTION, "saml:AuthnContext")
                .child(SamlNames.ASSERTION, "saml:AuthnContextClassRef")
                .text(authentication.classRef());
        return assertion.element();
    }

    /// Reads the shape; whether it holds, [ResponseReader] says.
    static Assertion read(Element root) throws RefusedMessage {
        Elements.root(root, SamlNames.ASSERTION, "Assertion");
        String version = Elements.requiredAttribute(root, "Version");
        if (!version.equals(Header.VERSION)) {
            throw new RefusedMessage(Refusal.VERSION, version);
        }
        Optional<Element> subject = Elements.child(root, SamlNames.ASSERTION, "Subject");
        if (subject.isEmpty()) {
            throw new RefusedMessage(Refusal.NO_SUBJECT);
        }
        Element conditions = Elements.required(root, SamlNames.ASSERTION, "Conditions");
        var attributes = new ArrayList<Attribute>();
        for (Element statement : Elements.children(root, SamlNames.ASSERTION, "AttributeStatement")) {
            for (Element attribute : Elements.children(statement, SamlNames.ASSERTION, "Attribute")) {
                attributes.add(Attribute.read(attribute));
            }
        }
        return new Assertion(
                MessageId.checked(Elements.requiredAttribute(root, "ID")),
                Elements.requiredTime(root, "IssueInstant"),
                Elements.text(Elements.required(root, SamlNames.ASSERTION, "Issuer")),
                NameId.read(Elements.required(subject.get(), SamlNames.ASSERTION, "NameID")),
                confirmation(subject.get()),
                Elements.requiredTime(conditions, "NotBefore"),
                Elements.requiredTime(conditions, "NotOnOrAfter"),
                audiences(conditions),
                authentication(root),
                attributes);
    }

    private static Confirmation confirmation(Element subject) throws RefusedMessage {
        for (Element confirmation : Elements.children(subject, SamlNames.ASSERTION, "SubjectConfirmation")) {
            if (Elements.attribute(confirmation, "Method").orElse("").equals(SamlNames.BEARER)) {
                Element data = Elements.required(confirmation, SamlNames.ASSERTION, "SubjectConfirmationData");
                return new Confirmation(
                        Elements.requiredAttribute(data, "Recipient"),
                        Elements.requiredTime(data, "NotOnOrAfter"),
                        Elements.attribute(data, "InResponseTo"));
            }
        }
        throw new RefusedMessage(Refusal.NOT_BEARER);
    }

    private static List<String> audiences(Element conditions) throws RefusedMessage {
        var audiences = new ArrayList<String>();
        int restrictions = 0;
        for (Element condition : Elements.children(conditions)) {
            if (Elements.is(condition, SamlNames.ASSERTION, "AudienceRestriction")) {
                // all restrictions must hold (core 2.5.1.4): a second one would need an intersection, and nobody writes
                // it
                if (++restrictions > 1) {
                    throw new RefusedMessage(Refusal.REPEATED, "AudienceRestriction");
                }
                for (Element audience : Elements.children(condition, SamlNames.ASSERTION, "Audience")) {
                    audiences.add(Elements.text(audience));
                }
            } else if (!Elements.is(condition, SamlNames.ASSERTION, "OneTimeUse")
                    && !Elements.is(condition, SamlNames.ASSERTION, "ProxyRestriction")) {
                throw new RefusedMessage(Refusal.UNKNOWN_CONDITION, condition.getLocalName());
            }
        }
        return audiences;
    }

    private static Authentication authentication(Element root) throws RefusedMessage {
        Optional<Element> statement = Elements.child(root, SamlNames.ASSERTION, "AuthnStatement");
        if (statement.isEmpty()) {
            throw new RefusedMessage(Refusal.NO_AUTHENTICATION);
        }
        Element context = Elements.required(statement.get(), SamlNames.ASSERTION, "AuthnContext");
        return new Authentication(
                Elements.requiredTime(statement.get(), "AuthnInstant"),
                Elements.attribute(statement.get(), "SessionIndex"),
                Elements.text(Elements.required(context, SamlNames.ASSERTION, "AuthnContextClassRef")),
                Elements.time(statement.get(), "SessionNotOnOrAfter"));
    }
}
