package io.postern.saml;

import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.RefusedMessage;
import java.util.Optional;
import org.w3c.dom.Element;

/// How a request ended.
///
/// @param code Success, Requester, Responder ...
/// @param detail the second-level code
public record Status(String code, Optional<String> detail, Optional<String> message) {
    public static final Status SUCCESS = new Status(SamlNames.STATUS_SUCCESS, Optional.empty(), Optional.empty());

    public static Status of(String code, String detail, String message) {
        return new Status(code, Optional.of(detail), Optional.of(message));
    }

    public boolean isSuccess() {
        return code.equals(SamlNames.STATUS_SUCCESS);
    }

    void write(Markup response) {
        Markup status = response.child(SamlNames.PROTOCOL, "samlp:Status");
        Markup first = status.child(SamlNames.PROTOCOL, "samlp:StatusCode").attribute("Value", code);
        detail.ifPresent(
                d -> first.child(SamlNames.PROTOCOL, "samlp:StatusCode").attribute("Value", d));
        message.ifPresent(
                m -> status.child(SamlNames.PROTOCOL, "samlp:StatusMessage").text(m));
    }

    static Status read(Element response) throws RefusedMessage {
        Element status = Elements.required(response, SamlNames.PROTOCOL, "Status");
        Element code = Elements.required(status, SamlNames.PROTOCOL, "StatusCode");
        Optional<Element> second = Elements.child(code, SamlNames.PROTOCOL, "StatusCode");
        Optional<Element> message = Elements.child(status, SamlNames.PROTOCOL, "StatusMessage");
        return new Status(
                Elements.requiredAttribute(code, "Value"),
                second.isPresent() ? Elements.attribute(second.get(), "Value") : Optional.empty(),
                message.isPresent() ? Optional.of(Elements.text(message.get())) : Optional.empty());
    }
}
