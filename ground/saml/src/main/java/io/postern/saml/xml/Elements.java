package io.postern.saml.xml;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// Reading elements: by namespace and name, never by prefix or position, and what stands once is asked for once.
public final class Elements {
    private Elements() {}

    public static boolean is(Element element, String namespace, String name) {
        return namespace.equals(element.getNamespaceURI()) && name.equals(element.getLocalName());
    }

    public static Element root(Element element, String namespace, String name) throws RefusedMessage {
        if (!is(element, namespace, name)) {
            throw new RefusedMessage(
                    Refusal.WRONG_ROOT, "{" + element.getNamespaceURI() + "}" + element.getLocalName());
        }
        return element;
    }

    /// Child elements, in order.
    public static List<Element> children(Element parent) {
        var children = new ArrayList<Element>();
        for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    public static List<Element> children(Element parent, String namespace, String name) {
        return children(parent).stream().filter(e -> is(e, namespace, name)).toList();
    }

    /// The child, if it stands.
    ///
    /// @throws RefusedMessage when it stands twice
    public static Optional<Element> child(Element parent, String namespace, String name) throws RefusedMessage {
        List<Element> all = children(parent, namespace, name);
        if (all.size() > 1) {
            throw new RefusedMessage(Refusal.REPEATED, name);
        }
        return all.stream().findFirst();
    }

    public static Element required(Element parent, String namespace, String name) throws RefusedMessage {
        Optional<Element> child = child(parent, namespace, name);
        if (child.isEmpty()) {
            throw new RefusedMessage(Refusal.MISSING, name);
        }
        return child.get();
    }

    /// All elements below, the element itself not.
    public static List<Element> descendants(Element of) {
        var found = new ArrayList<Element>();
        for (Element child : children(of)) {
            found.add(child);
            found.addAll(descendants(child));
        }
        return found;
    }

    /// The whole text of an element that holds text only; outer white space does not count.
    public static String text(Element element) throws RefusedMessage {
        var text = new StringBuilder();
        for (Node n = element.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n.getNodeType() != Node.TEXT_NODE) {
                throw new RefusedMessage(Refusal.BAD_VALUE, element.getLocalName() + " holds more than text");
            }
            text.append(n.getNodeValue());
        }
        return text.toString().strip();
    }

    /// An attribute without a namespace; empty if it is missing or has no characters.
    public static Optional<String> attribute(Element element, String name) {
        String value = element.getAttributeNS(null, name);
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    public static String requiredAttribute(Element element, String name) throws RefusedMessage {
        Optional<String> value = attribute(element, name);
        if (value.isEmpty()) {
            throw new RefusedMessage(Refusal.MISSING, name + " of " + element.getLocalName());
        }
        return value.get();
    }

    /// xs:boolean; missing is false.
    public static boolean flag(Element element, String name) throws RefusedMessage {
        return switch (attribute(element, name).map(String::strip).orElse("false")) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new RefusedMessage(Refusal.BAD_VALUE, name + " is no boolean");
        };
    }

    public static OptionalInt number(Element element, String name) throws RefusedMessage {
        Optional<String> value = attribute(element, name);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            int number = Integer.parseInt(value.get().strip());
            if (number >= 0 && number <= 65_535) { // xs:unsignedShort
                return OptionalInt.of(number);
            }
        } catch (NumberFormatException e) {
            // falls through to the refusal
        }
        throw new RefusedMessage(Refusal.BAD_VALUE, name + " is no number: " + value.get());
    }

    public static Optional<Instant> time(Element element, String name) throws RefusedMessage {
        Optional<String> value = attribute(element, name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(value.get().strip()).toInstant());
        } catch (DateTimeParseException e) {
            throw new RefusedMessage(Refusal.BAD_VALUE, name + " is no time with a zone: " + value.get());
        }
    }

    public static Instant requiredTime(Element element, String name) throws RefusedMessage {
        Optional<Instant> time = time(element, name);
        if (time.isEmpty()) {
            throw new RefusedMessage(Refusal.MISSING, name + " of " + element.getLocalName());
        }
        return time.get();
    }
}
