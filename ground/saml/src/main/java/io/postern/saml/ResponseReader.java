package io.postern.saml;

import io.postern.saml.xml.AssertionDecryption;
import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.XmlVerifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Element;

/// Takes a response, or says why not. What it returns was signed: of a signed response the octets that its
/// signature covers are read, and of an unsigned one only the assertion that its own signature covers.
/// Thread-safe as far as [UsedAssertions] is.
public final class ResponseReader {
    private final Expectations expected;
    private final UsedAssertions used;

    public ResponseReader(Expectations expected, UsedAssertions used) {
        this.expected = expected;
        this.used = used;
    }

    /// @param root of [PostBinding#read]
    public Assertion read(Element root, Instant now) throws RefusedMessage {
        Elements.root(root, SamlNames.PROTOCOL, "Response");
        var verifier = new XmlVerifier(expected.keys(), expected.algorithms());
        refuseNestedMessages(root);
        refuseStraySignatures(root);
        boolean whole = XmlVerifier.isSigned(root);
        Element response = whole ? verifier.verify(root).element() : root;
        checkResponse(response);
        Assertion assertion = Assertion.read(signedAssertion(response, whole, verifier));
        checkAssertion(assertion, Elements.attribute(response, "InResponseTo"), now);
        if (!used.use(
                assertion.issuer(), assertion.id(), assertion.notOnOrAfter().plus(expected.skew()))) {
            throw new RefusedMessage(Refusal.REPLAYED, assertion.id());
        }
        return assertion;
    }

    /// No honest answer has one, and every way of wrapping needs one.
    private static void refuseNestedMessages(Element root) throws RefusedMessage {
        for (Element element : Elements.descendants(root)) {
            boolean response = Elements.is(element, SamlNames.PROTOCOL, "Response");
            boolean assertion = Elements.is(element, SamlNames.ASSERTION, "Assertion")
                    || Elements.is(element, SamlNames.ASSERTION, "EncryptedAssertion");
            if (response || (assertion && !root.isSameNode(element.getParentNode()))) {
                throw new RefusedMessage(Refusal.NESTED_MESSAGE, element.getLocalName());
            }
        }
    }

    private static void refuseStraySignatures(Element root) throws RefusedMessage {
        var places = new ArrayList<Element>(Elements.children(root, SamlNames.ASSERTION, "Assertion"));
        places.add(root);
        if (XmlVerifier.hasStrayIn(root, places)) {
            throw new RefusedMessage(Refusal.STRAY_SIGNATURE);
        }
    }

    private void checkResponse(Element response) throws RefusedMessage {
        Header header = Header.read(response, "Response");
        if (!header.issuer().equals(expected.issuer())) {
            throw new RefusedMessage(Refusal.ISSUER, header.issuer());
        }
        if (!header.destination().orElse("").equals(expected.recipient())) {
            throw new RefusedMessage(Refusal.DESTINATION, header.destination().orElse("none"));
        }
        Status status = Status.read(response);
        if (!status.isSuccess()) {
            throw new RefusedMessage(
                    Refusal.STATUS, status.message().orElse(status.detail().orElse(status.code())));
        }
    }

    private Element signedAssertion(Element response, boolean whole, XmlVerifier verifier) throws RefusedMessage {
        List<Element> plain = Elements.children(response, SamlNames.ASSERTION, "Assertion");
        List<Element> encrypted = Elements.children(response, SamlNames.ASSERTION, "EncryptedAssertion");
        int assertions = plain.size() + encrypted.size();
        if (assertions != 1) {
            throw new RefusedMessage(assertions == 0 ? Refusal.NO_ASSERTION : Refusal.SEVERAL_ASSERTIONS);
        }
        Element assertion = encrypted.isEmpty()
                ? plain.getFirst()
                : AssertionDecryption.decrypt(encrypted.getFirst(), expected.decryption(), whole);
        refuseNestedMessages(assertion);
        refuseStrayIn(assertion);
        if (XmlVerifier.isSigned(assertion) || !whole) {
            return verifier.verify(assertion).element();
        }
        return assertion;
    }

    /// What was encrypted could not be looked into before.
    private static void refuseStrayIn(Element assertion) throws RefusedMessage {
        if (XmlVerifier.hasStrayIn(assertion, List.of(assertion))) {
            throw new RefusedMessage(Refusal.STRAY_SIGNATURE);
        }
    }

    private void checkAssertion(Assertion assertion, Optional<String> inResponseTo, Instant now) throws RefusedMessage {
        if (!assertion.issuer().equals(expected.issuer())) {
            throw new RefusedMessage(Refusal.ISSUER, assertion.issuer());
        }
        if (!assertion.audiences().contains(expected.audience())) {
            throw new RefusedMessage(Refusal.AUDIENCE, String.join(" ", assertion.audiences()));
        }
        if (now.plus(expected.skew()).isBefore(assertion.notBefore())) {
            throw new RefusedMessage(Refusal.NOT_YET, assertion.notBefore().toString());
        }
        if (!now.minus(expected.skew()).isBefore(assertion.notOnOrAfter())) {
            throw new RefusedMessage(Refusal.EXPIRED, assertion.notOnOrAfter().toString());
        }
        Assertion.Confirmation confirmation = assertion.confirmation();
        if (!confirmation.recipient().equals(expected.recipient())) {
            throw new RefusedMessage(Refusal.RECIPIENT, confirmation.recipient());
        }
        if (!now.minus(expected.skew()).isBefore(confirmation.notOnOrAfter())) {
            throw new RefusedMessage(
                    Refusal.CONFIRMATION_EXPIRED, confirmation.notOnOrAfter().toString());
        }
        checkRequest(confirmation.inResponseTo(), inResponseTo);
    }

    /// Both places must name the same request, the one that waits. An answer that names none is unsolicited.
    private void checkRequest(Optional<String> confirmed, Optional<String> inResponseTo) throws RefusedMessage {
        if (confirmed.isEmpty() && inResponseTo.isEmpty()) {
            if (!expected.unsolicited()) {
                throw new RefusedMessage(Refusal.UNSOLICITED);
            }
            return;
        }
        if (!confirmed.equals(inResponseTo) || !expected.request().equals(confirmed)) {
            throw new RefusedMessage(
                    Refusal.IN_RESPONSE_TO, confirmed.or(() -> inResponseTo).orElse(""));
        }
    }
}
