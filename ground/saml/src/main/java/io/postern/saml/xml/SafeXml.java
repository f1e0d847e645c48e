package io.postern.saml.xml;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.w3c.dom.DOMException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;

/// The only XML parser: what it takes has no DTD, no entities but the five of XML, no comments and no
/// processing instructions, and keeps within [Limits]. Thread-safe.
///
/// Text is decoded here, strictly as UTF-8, and the parser gets characters: an encoding declaration cannot
/// make it read other characters than we looked at.
public final class SafeXml {
    private static final SAXParserFactory FACTORY = factory();

    private SafeXml() {}

    /// @return the root element
    public static Element parse(byte[] octets, Limits limits) throws RefusedMessage {
        if (octets.length > limits.octets()) {
            throw new RefusedMessage(Refusal.OVERSIZE, octets.length + " octets, at most " + limits.octets());
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RefusedMessage(Refusal.NOT_UTF8);
        }
        return parse(text.startsWith("\uFEFF") ? text.substring(1) : text, limits);
    }

    /// @return the root element
    public static Element parse(String text, Limits limits) throws RefusedMessage {
        if (text.length() > limits.octets()) {
            throw new RefusedMessage(Refusal.OVERSIZE, text.length() + " characters, at most " + limits.octets());
        }
        // the parser refuses them too; here the refusal gets its own reason
        if (text.contains("<!DOCTYPE") || text.contains("<!ENTITY")) {
            throw new RefusedMessage(Refusal.DTD);
        }
        var builder = new TreeBuilder(limits);
        try {
            XMLReader reader = reader();
            reader.setContentHandler(builder);
            reader.setErrorHandler(builder);
            reader.setProperty("http://xml.org/sax/properties/lexical-handler", builder);
            // nothing is fetched, whatever a text asks for
            reader.setEntityResolver((_, _) -> {
                throw new SAXException("external entity");
            });
            reader.parse(new InputSource(new StringReader(text)));
        } catch (TreeBuilder.Refused e) {
            throw e.why;
        } catch (SAXException | DOMException e) { // the tree is stricter with names than the parser
            throw new RefusedMessage(
                    Refusal.NOT_XML, String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT));
        } catch (IOException e) {
            throw new IllegalStateException("reading from a string", e);
        }
        Document document = builder.document();
        return document.getDocumentElement();
    }

    private static XMLReader reader() throws SAXException {
        try {
            synchronized (FACTORY) {
                return FACTORY.newSAXParser().getXMLReader();
            }
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's parser knows these features", e);
        }
    }

    private static SAXParserFactory factory() {
        // the JDK's own, whatever another library puts on the class path
        SAXParserFactory factory = SAXParserFactory.newDefaultNSInstance();
        try {
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
            factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            factory.setFeature("http://xml.org/sax/features/namespace-prefixes", true);
            factory.setXIncludeAware(false);
            factory.setValidating(false);
            return factory;
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalStateException("the JDK's parser knows these features", e);
        }
    }
}
