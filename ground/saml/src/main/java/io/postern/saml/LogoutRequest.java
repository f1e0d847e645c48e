package io.postern.saml;

import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.RefusedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Element;

/// Somebody's sessions shall end.
///
/// @param nameId empty if the request hides it in an encrypted identifier
/// @param sessionIndexes empty for all sessions with the receiver
public record LogoutRequest(Header header, Optional<NameId> nameId, List<String> sessionIndexes) {
    public LogoutRequest {
        sessionIndexes = List.copyOf(sessionIndexes);
    }

    public static LogoutRequest read(Element root) throws RefusedMessage {
        Header header = Header.read(root, "LogoutRequest");
        Optional<Element> name = Elements.child(root, SamlNames.ASSERTION, "NameID");
        var indexes = new ArrayList<String>();
        for (Element index : Elements.children(root, SamlNames.PROTOCOL, "SessionIndex")) {
            indexes.add(Elements.text(index));
        }
        return new LogoutRequest(
                header, name.isPresent() ? Optional.of(NameId.read(name.get())) : Optional.empty(), indexes);
    }

    public Element write() {
        Markup request = header.write("LogoutRequest");
        nameId.ifPresent(name -> name.write(request));
        sessionIndexes.forEach(
                index -> request.child(SamlNames.PROTOCOL, "samlp:SessionIndex").text(index));
        return request.element();
    }
}
