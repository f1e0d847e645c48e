package io.postern.saml;

import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.RefusedMessage;
import java.util.Optional;
import org.w3c.dom.Element;

/// What came of a logout.
public record LogoutResponse(Header header, Optional<String> inResponseTo, Status status) {
    public static LogoutResponse read(Element root) throws RefusedMessage {
        Header header = Header.read(root, "LogoutResponse");
        return new LogoutResponse(header, Elements.attribute(root, "InResponseTo"), Status.read(root));
    }

    public Element write() {
        Markup response = header.write("LogoutResponse").attribute("InResponseTo", inResponseTo);
        status.write(response);
        return response.element();
    }
}
