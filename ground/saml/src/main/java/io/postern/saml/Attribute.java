package io.postern.saml;

import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.RefusedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Element;

/// One statement about the subject.
///
/// @param nameFormat URI; empty leaves it out
public record Attribute(String name, Optional<String> nameFormat, List<String> values) {
    public Attribute {
        values = List.copyOf(values);
    }

    void write(Markup statement) {
        Markup attribute = statement
                .child(SamlNames.ASSERTION, "saml:Attribute")
                .attribute("Name", name)
                .attribute("NameFormat", nameFormat);
        values.forEach(value ->
                attribute.child(SamlNames.ASSERTION, "saml:AttributeValue").text(value));
    }

    static Attribute read(Element element) throws RefusedMessage {
        var values = new ArrayList<String>();
        for (Element value : Elements.children(element, SamlNames.ASSERTION, "AttributeValue")) {
            values.add(Elements.text(value));
        }
        return new Attribute(
                Elements.requiredAttribute(element, "Name"), Elements.attribute(element, "NameFormat"), values);
    }
}
