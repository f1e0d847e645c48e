package io.postern.saml.xml;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.ext.DefaultHandler2;

/// Builds the tree while the parser reads, and stops it at the first thing that is not taken. One use.
final class TreeBuilder extends DefaultHandler2 {
    /// Carries a refusal through the parser.
    static final class Refused extends SAXException {
        final transient RefusedMessage why;

        Refused(RefusedMessage why) {
            super(why.getMessage());
            this.why = why;
        }
    }

    private final Limits limits;
    private final Document document = emptyDocument();
    private final Deque<Node> open = new ArrayDeque<>();
    private final StringBuilder text = new StringBuilder();
    private final Set<String> ids = new HashSet<>();
    private int elements;

    TreeBuilder(Limits limits) {
        this.limits = limits;
        open.push(document);
    }

    Document document() {
        return document;
    }

    static Document emptyDocument() {
        try {
            return DocumentBuilderFactory.newDefaultNSInstance()
                    .newDocumentBuilder()
                    .newDocument();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK makes documents", e);
        }
    }

    @Override
    public void startElement(String uri, String localName, String qName, Attributes attributes) throws SAXException {
        flushText();
        if (open.size() > limits.depth()) {
            throw refused(Refusal.TOO_DEEP, "at most " + limits.depth());
        }
        if (++elements > limits.elements()) {
            throw refused(Refusal.TOO_MANY_ELEMENTS, "at most " + limits.elements());
        }
        if (attributes.getLength() > limits.attributes()) {
            throw refused(Refusal.TOO_MANY_ATTRIBUTES, attributes.getLength() + " in " + qName);
        }
        Element element = document.createElementNS(uri.isEmpty() ? null : uri, qName);
        for (int i = 0; i < attributes.getLength(); i++) {
            String name = attributes.getQName(i);
            String value = attributes.getValue(i);
            if (name.equals("xmlns") || name.startsWith("xmlns:")) {
                element.setAttributeNS(XMLConstants.XMLNS_ATTRIBUTE_NS_URI, name, value);
                continue;
            }
            String space = attributes.getURI(i);
            element.setAttributeNS(space.isEmpty() ? null : space, name, value);
            // whatever spelling a signature library might look up: none may point at two elements
            String local = attributes.getLocalName(i);
            if ((local.equalsIgnoreCase("id") || local.equals("AssertionID")) && !ids.add(value)) {
                throw refused(Refusal.DUPLICATE_ID, value);
            }
        }
        open.element().appendChild(element);
        open.push(element);
    }

    @Override
    public void endElement(String uri, String localName, String qName) {
        flushText();
        open.pop();
    }

    @Override
    public void characters(char[] ch, int start, int length) {
        text.append(ch, start, length); // the parser hands over in pieces; a text is one value
    }

    @Override
    public void comment(char[] ch, int start, int length) throws SAXException {
        if (!limits.comments()) {
            throw refused(Refusal.COMMENT, "");
        }
    }

    @Override
    public void processingInstruction(String target, String data) throws SAXException {
        throw refused(Refusal.PROCESSING_INSTRUCTION, target);
    }

    @Override
    public void startDTD(String name, String publicId, String systemId) throws SAXException {
        throw refused(Refusal.DTD, "");
    }

    @Override
    public void skippedEntity(String name) throws SAXException {
        throw refused(Refusal.DTD, "entity " + name);
    }

    @Override
    public void error(SAXParseException e) throws SAXException {
        throw e;
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
        throw e;
    }

    private void flushText() {
        if (!text.isEmpty()) {
            open.element().appendChild(document.createTextNode(text.toString()));
            text.setLength(0);
        }
    }

    private static Refused refused(Refusal refusal, String detail) {
        return new Refused(new RefusedMessage(refusal, detail));
    }
}
