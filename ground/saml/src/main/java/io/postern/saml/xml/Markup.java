package io.postern.saml.xml;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import javax.xml.XMLConstants;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// Builds one XML document; values are data and never become markup.
///
///     Markup response = Markup.root(PROTOCOL, "samlp:Response").attribute("ID", id);
///     response.child(ASSERTION, "saml:Issuer").text(issuer);
public final class Markup {
    private final Element element;

    private Markup(Element element) {
        this.element = element;
    }

    /// @param name with its prefix
    public static Markup root(String namespace, String name) {
        Document document = TreeBuilder.emptyDocument();
        Element root = document.createElementNS(namespace, name);
        document.appendChild(root);
        return new Markup(root).declare(prefix(name), namespace);
    }

    public Element element() {
        return element;
    }

    public Markup child(String namespace, String name) {
        Element child = element.getOwnerDocument().createElementNS(namespace, name);
        element.appendChild(child);
        var markup = new Markup(child);
        if (!namespace.equals(element.lookupNamespaceURI(prefix(name).isEmpty() ? null : prefix(name)))) {
            markup.declare(prefix(name), namespace);
        }
        return markup;
    }

    /// An element of another document, copied to the end.
    public Markup append(Element other) {
        element.appendChild(element.getOwnerDocument().importNode(other, true));
        return this;
    }

    /// A prefix that only values use (`xsi:type="xs:string"`).
    public Markup declare(String prefix, String namespace) {
        element.setAttributeNS(
                XMLConstants.XMLNS_ATTRIBUTE_NS_URI, prefix.isEmpty() ? "xmlns" : "xmlns:" + prefix, namespace);
        return this;
    }

    public Markup attribute(String name, String value) {
        element.setAttributeNS(null, name, xmlOnly(value));
        return this;
    }

    public Markup attribute(String name, Optional<String> value) {
        value.ifPresent(v -> attribute(name, v));
        return this;
    }

    public Markup attribute(String name, Instant time) {
        return attribute(name, text(time));
    }

    public Markup attribute(String namespace, String name, String value) {
        element.setAttributeNS(namespace, name, xmlOnly(value));
        return this;
    }

    public Markup text(String value) {
        element.appendChild(element.getOwnerDocument().createTextNode(xmlOnly(value)));
        return this;
    }

    /// Milliseconds, zone Z: what every reader of SAML takes.
    public static String text(Instant time) {
        String text = time.truncatedTo(ChronoUnit.MILLIS).toString();
        return text.length() == 20 ? text.substring(0, 19) + ".000Z" : text;
    }

    /// The document as text; parsing it gives these elements again.
    public static String write(Element element) {
        var out = new StringBuilder(8192);
        write(element, out);
        return out.toString();
    }

    private static void write(Node node, StringBuilder out) {
        switch (node.getNodeType()) {
            case Node.TEXT_NODE -> escape(node.getNodeValue(), false, out);
            case Node.ELEMENT_NODE -> {
                out.append('<').append(node.getNodeName());
                var attributes = node.getAttributes();
                for (int i = 0; i < attributes.getLength(); i++) {
                    out.append(' ').append(attributes.item(i).getNodeName()).append("=\"");
                    escape(attributes.item(i).getNodeValue(), true, out);
                    out.append('"');
                }
                if (node.getFirstChild() == null) {
                    out.append("/>");
                    return;
                }
                out.append('>');
                for (Node n = node.getFirstChild(); n != null; n = n.getNextSibling()) {
                    write(n, out);
                }
                out.append("</").append(node.getNodeName()).append('>');
            }
            default -> throw new IllegalArgumentException("neither element nor text: " + node.getNodeType());
        }
    }

    /// Line ends as references, as in canonical XML: a parser would change them otherwise, and the signature
    /// with them.
    private static void escape(String value, boolean attribute, StringBuilder out) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '\r' -> out.append("&#xD;");
                case '"' -> out.append(attribute ? "&quot;" : "\"");
                case '\n' -> out.append(attribute ? "&#xA;" : "\n");
                case '\t' -> out.append(attribute ? "&#x9;" : "\t");
                default -> out.append(c);
            }
        }
    }

    /// XML has no way to write most control characters: they become the replacement character.
    private static String xmlOnly(String value) {
        var clean = new StringBuilder(value.length());
        value.codePoints().map(c -> isXml(c) ? c : 0xFFFD).forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static boolean isXml(int c) {
        boolean space = c == '\t' || c == '\n' || c == '\r';
        boolean low = c >= 0x20 && c <= 0xD7FF;
        boolean high = c >= 0xE000 && c <= 0xFFFD;
        return space || low || high || c >= 0x10000;
    }

    private static String prefix(String name) {
        int colon = name.indexOf(':');
        return colon < 0 ? "" : name.substring(0, colon);
    }
}
