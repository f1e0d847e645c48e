package io.postern.saml;

import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.RefusedMessage;
import java.util.Optional;
import org.w3c.dom.Element;

/// Who an assertion or a logout speaks of.
public record NameId(String value, String format, Optional<String> nameQualifier, Optional<String> spNameQualifier) {
    public static NameId of(String value, String format) {
        return new NameId(value, format, Optional.empty(), Optional.empty());
    }

    void write(Markup parent) {
        parent.child(SamlNames.ASSERTION, "saml:NameID")
                .attribute("Format", format)
                .attribute("NameQualifier", nameQualifier)
                .attribute("SPNameQualifier", spNameQualifier)
                .text(value);
    }

    static NameId read(Element element) throws RefusedMessage {
        return new NameId(
                Elements.text(element),
                Elements.attribute(element, "Format").orElse(SamlNames.NAMEID_UNSPECIFIED),
                Elements.attribute(element, "NameQualifier"),
                Elements.attribute(element, "SPNameQualifier"));
    }
}
