package io.postern.saml;

import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import java.time.Instant;
import java.util.Optional;
import org.w3c.dom.Element;

/// What every protocol message begins with.
///
/// @param issued required in form; its value is not judged for requests (3.4)
/// @param issuer entity ID of the sender
public record Header(String id, Instant issued, Optional<String> destination, String issuer) {
    public static final String VERSION = "2.0";

    /// A message of ours, now.
    public static Header of(Instant now, String destination, String issuer) {
        return new Header(MessageId.random(), now, Optional.of(destination), issuer);
    }

    Markup write(String name) {
        Markup message = Markup.root(SamlNames.PROTOCOL, "samlp:" + name)
                .attribute("ID", id)
                .attribute("Version", VERSION)
                .attribute("IssueInstant", issued)
                .attribute("Destination", destination);
        message.child(SamlNames.ASSERTION, "saml:Issuer").text(issuer);
        return message;
    }

    static Header read(Element root, String name) throws RefusedMessage {
        Elements.root(root, SamlNames.PROTOCOL, name);
        String version = Elements.requiredAttribute(root, "Version");
        if (!version.equals(VERSION)) {
            throw new RefusedMessage(Refusal.VERSION, version);
        }
        return new Header(
                MessageId.checked(Elements.requiredAttribute(root, "ID")),
                Elements.requiredTime(root, "IssueInstant"),
                Elements.attribute(root, "Destination"),
                Elements.text(Elements.required(root, SamlNames.ASSERTION, "Issuer")));
    }
}
