package io.postern.saml;

import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.RefusedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.w3c.dom.Element;

/// A service provider asks for a sign-in.
///
/// @param reply AssertionConsumerServiceURL
/// @param hasSubject the request names whom to sign in, which is not supported
public record AuthnRequest(
        Header header,
        Optional<String> reply,
        OptionalInt replyIndex,
        Optional<String> protocolBinding,
        boolean forceAuthn,
        boolean passive,
        Optional<NameIdPolicy> nameIdPolicy,
        Optional<RequestedContext> context,
        boolean hasSubject) {

    /// @param format empty if the request leaves it to us
    public record NameIdPolicy(Optional<String> format, Optional<String> spNameQualifier) {}

    /// @param comparison `exact` if the request does not say
    public record RequestedContext(String comparison, List<String> classes) {
        public RequestedContext {
            classes = List.copyOf(classes);
        }
    }

    public static AuthnRequest of(Header header, String reply) {
        return new AuthnRequest(
                header,
                Optional.of(reply),
                OptionalInt.empty(),
                Optional.of(SamlNames.BINDING_POST),
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                false);
    }

    public static AuthnRequest read(Element root) throws RefusedMessage {
        Header header = Header.read(root, "AuthnRequest");
        return new AuthnRequest(
                header,
                Elements.attribute(root, "AssertionConsumerServiceURL"),
                Elements.number(root, "AssertionConsumerServiceIndex"),
                Elements.attribute(root, "ProtocolBinding"),
                Elements.flag(root, "ForceAuthn"),
                Elements.flag(root, "IsPassive"),
                Elements.child(root, SamlNames.PROTOCOL, "NameIDPolicy")
                        .map(e -> new NameIdPolicy(
                                Elements.attribute(e, "Format"), Elements.attribute(e, "SPNameQualifier"))),
                context(root),
                Elements.child(root, SamlNames.ASSERTION, "Subject").isPresent());
    }

    private static Optional<RequestedContext> context(Element root) throws RefusedMessage {
        Optional<Element> asked = Elements.child(root, SamlNames.PROTOCOL, "RequestedAuthnContext");
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        var classes = new ArrayList<String>();
        for (Element reference : Elements.children(asked.get(), SamlNames.ASSERTION, "AuthnContextClassRef")) {
            classes.add(Elements.text(reference));
        }
        return Optional.of(new RequestedContext(
                Elements.attribute(asked.get(), "Comparison").orElse("exact"), classes));
    }

    public Element write() {
        Markup request = header.write("AuthnRequest")
                .attribute("AssertionConsumerServiceURL", reply)
                .attribute("ProtocolBinding", protocolBinding);
        replyIndex.ifPresent(index -> request.attribute("AssertionConsumerServiceIndex", Integer.toString(index)));
        if (forceAuthn) {
            request.attribute("ForceAuthn", "true");
        }
        if (passive) {
            request.attribute("IsPassive", "true");
        }
        nameIdPolicy.ifPresent(policy -> request.child(SamlNames.PROTOCOL, "samlp:NameIDPolicy")
                .attribute("Format", policy.format())
                .attribute("SPNameQualifier", policy.spNameQualifier()));
        context.ifPresent(asked -> {
            Markup element = request.child(SamlNames.PROTOCOL, "samlp:RequestedAuthnContext")
                    .attribute("Comparison", asked.comparison());
            asked.classes()
                    .forEach(c -> element.child(SamlNames.ASSERTION, "saml:AuthnContextClassRef")
                            .text(c));
        });
        return request.element();
    }
}
