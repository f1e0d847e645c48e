package io.postern.translate.body;

import io.postern.translate.LinkPlace;
import io.postern.translate.LinkRules;
import io.postern.translate.body.Element.Attribute;
import io.postern.translate.body.Element.Content;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Links in HTML, XHTML and XML: the tokenizer of HTML §13.2.5, as far as it decides where tags, attributes and
/// texts begin and end. It reads bytes: in every encoding that it is used for, ASCII bytes that matter are ASCII.
final class HtmlTranslation implements BodyTranslation {
    private enum State {
        PLAIN_TEXT,
        TEXT,
        TAG_OPEN,
        END_TAG_OPEN,
        TAG_NAME,
        BEFORE_ATTRIBUTE,
        ATTRIBUTE_NAME,
        AFTER_ATTRIBUTE_NAME,
        BEFORE_VALUE,
        SKIPPED_VALUE,
        VALUE,
        DECLARATION,
        COMMENT_OPEN,
        COMMENT,
        BOGUS_COMMENT,
        CDATA_OPEN,
        CDATA,
        CONTENT
    }

    private static final byte[] CDATA = {'C', 'D', 'A', 'T', 'A', '['};
    private static final int BANG = -1; // after --! in a comment

    private final boolean isXml;
    private final boolean isXhtml;
    private final Candidate candidate;
    private final Map<Attribute, Finder> inAttributes = new EnumMap<>(Attribute.class);
    private final Map<Content, Finder> inContents = new EnumMap<>(Content.class);
    private final Name name = new Name();
    private final CharacterReference reference = new CharacterReference();
    private final ContentEnd contentEnd = new ContentEnd();

    private State state = State.TEXT;
    private Element element = Element.OTHER;
    private boolean isEndTag;
    private boolean closesItself;
    private int foreignDepth;
    private int quote; // 0: none
    private int matched; // of a declaration, or dashes and brackets in a row
    private @Nullable Finder finder; // of the value or content at hand
    private int span; // from here on the piece at hand is not written

    /// @param kind HTML, XHTML or XML
    HtmlTranslation(BodyKind kind, LinkRules rules) {
        isXml = kind == BodyKind.XML;
        isXhtml = kind == BodyKind.XHTML;
        candidate = new Candidate(rules);
        LinkPlace ofUrls = isXml ? LinkPlace.XML : LinkPlace.ATTRIBUTE;
        LinkPlace ofStyle = isXml ? LinkPlace.XML : LinkPlace.STYLE;
        if (rules.looksAt(ofUrls)) {
            inAttributes.put(Attribute.URL, new UrlFinder(candidate, ofUrls));
        }
        if (rules.looksAt(LinkPlace.ATTRIBUTE) && !isXml) {
            inAttributes.put(Attribute.URLS, new UrlListFinder(candidate, LinkPlace.ATTRIBUTE));
            inAttributes.put(Attribute.REFRESH, new RefreshFinder(candidate));
        }
        if (rules.looksAt(LinkPlace.SRCSET) && !isXml) {
            inAttributes.put(Attribute.SRCSET, new UrlListFinder(candidate, LinkPlace.SRCSET));
        }
        if (rules.looksAt(LinkPlace.XML)) {
            inAttributes.put(Attribute.XML, new UrlFinder(candidate, LinkPlace.XML));
        }
        if (rules.looksAt(ofStyle)) {
            inAttributes.put(Attribute.STYLE, new CssFinder(candidate, Spelling.CSS_IN_HTML));
            inContents.put(Content.STYLE, new CssFinder(candidate, Spelling.CSS));
        }
        if (rules.looksAt(LinkPlace.SCRIPT)) {
            inContents.put(Content.SCRIPT, new TextFinder(candidate, LinkPlace.SCRIPT));
        }
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\t' || b == '\r' || b == '\f';
    }

    @Override
    public void push(byte[] in, int from, int to, Sink out) {
        span = from;
        int at = from;
        while (at < to) {
            at = switch (state) {
                case PLAIN_TEXT -> to;
                case TEXT -> text(in, at, to);
                case TAG_OPEN -> tagOpen(in[at], at);
                case END_TAG_OPEN -> endTagOpen(in[at], at);
                case TAG_NAME -> tagName(in, at, to);
                case BEFORE_ATTRIBUTE -> beforeAttribute(in[at], at);
                case ATTRIBUTE_NAME -> attributeName(in, at, to);
                case AFTER_ATTRIBUTE_NAME -> afterAttributeName(in[at], at);
                case BEFORE_VALUE -> beforeValue(in[at], at);
                case SKIPPED_VALUE -> skippedValue(in, at, to);
                case VALUE -> value(in, at, to, out);
                case DECLARATION -> declaration(in[at], at);
                case COMMENT_OPEN -> commentOpen(in[at], at);
                case COMMENT -> comment(in, at, to);
                case BOGUS_COMMENT -> bogusComment(in, at, to);
                case CDATA_OPEN -> cdataOpen(in[at], at);
                case CDATA -> cdata(in, at, to);
                case CONTENT -> content(in, at, to, out);
            };
        }
        if (span < to) {
            out.write(in, span, to);
        }
    }

    @Override
    public void end(Sink out) {
        // a tag that was never finished is no tag; what is held of it goes out as it came
        candidate.release(out);
        if (reference.isOpen()) {
            out.write(reference.bytes, 0, reference.length);
        }
    }

    private int text(byte[] in, int at, int to) {
        int i = upToTag(in, at, to);
        if (i == to) {
            return to;
        }
        state = State.TAG_OPEN;
        return i + 1;
    }

    private static int upToTag(byte[] in, int at, int to) {
        int i = at;
        while (i < to && in[i] != '<') {
            i++;
        }
        return i;
    }

    private static boolean isLetter(byte b) {
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'z';
    }

    private int tagOpen(byte b, int at) {
        if (isLetter(b)) {
            return startTag(false, at);
        }
        switch (b) {
            case '/' -> state = State.END_TAG_OPEN;
            case '!' -> state = State.DECLARATION;
            case '?' -> state = State.BOGUS_COMMENT;
            default -> {
                state = State.TEXT;
                return at;
            }
        }
        return at + 1;
    }

    private int endTagOpen(byte b, int at) {
        if (isLetter(b)) {
            return startTag(true, at);
        }
        state = b == '>' ? State.TEXT : State.BOGUS_COMMENT;
        return b == '>' ? at + 1 : at;
    }

    private int startTag(boolean end, int at) {
        isEndTag = end;
        closesItself = false;
        name.clear();
        state = State.TAG_NAME;
        return at;
    }

    private int tagName(byte[] in, int at, int to) {
        int i = at;
        for (; i < to; i++) {
            byte b = in[i];
            if (b == '>' || b == '/' || isBlank(b)) {
                element = Element.of(name);
                state = State.BEFORE_ATTRIBUTE;
                return i;
            }
            name.add(b);
        }
        return i;
    }

    private int beforeAttribute(byte b, int at) {
        if (isBlank(b)) {
            return at + 1;
        }
        if (b == '>') {
            return tagEnd(at);
        }
        closesItself = b == '/';
        if (b == '/') {
            return at + 1;
        }
        name.clear();
        name.add(b); // a '=' too: HTML says so
        state = State.ATTRIBUTE_NAME;
        return at + 1;
    }

    private int attributeName(byte[] in, int at, int to) {
        int i = at;
        for (; i < to; i++) {
            byte b = in[i];
            if (b == '=') {
                state = State.BEFORE_VALUE;
                return i + 1;
            }
            if (b == '>' || b == '/' || isBlank(b)) {
                state = State.AFTER_ATTRIBUTE_NAME;
                return i;
            }
            name.add(b);
        }
        return i;
    }

    private int afterAttributeName(byte b, int at) {
        if (isBlank(b)) {
            return at + 1;
        }
        state = b == '=' ? State.BEFORE_VALUE : State.BEFORE_ATTRIBUTE;
        return b == '=' ? at + 1 : at;
    }

    private int beforeValue(byte b, int at) {
        if (isBlank(b)) {
            return at + 1;
        }
        if (b == '>') {
            return tagEnd(at);
        }
        finder = finderOfAttribute();
        state = finder == null ? State.SKIPPED_VALUE : State.VALUE;
        if (finder != null) {
            finder.begin();
        }
        boolean quoted = b == '"' || b == '\'';
        quote = quoted ? b : 0;
        return quoted ? at + 1 : at;
    }

    private @Nullable Finder finderOfAttribute() {
        Attribute attribute = isEndTag || name.length > Name.LENGTH_MAX
                ? null
                : element.attributes().find(name);
        if (attribute == null || (attribute == Attribute.XML && !isXml && foreignDepth == 0)) {
            return null;
        }
        return inAttributes.get(attribute);
    }

    private boolean endsValue(byte b) {
        return quote == 0 ? b == '>' || isBlank(b) : b == quote;
    }

    private int afterValue(int at) {
        state = State.BEFORE_ATTRIBUTE;
        finder = null;
        return quote == 0 ? at : at + 1;
    }

    private int skippedValue(byte[] in, int at, int to) {
        for (int i = at; i < to; i++) {
            if (endsValue(in[i])) {
                return afterValue(i);
            }
        }
        return to;
    }

    private int value(byte[] in, int at, int to, Sink out) {
        Finder of = finder;
        if (of == null) {
            state = State.SKIPPED_VALUE;
            return at;
        }
        for (int i = at; i < to; i++) {
            byte b = in[i];
            if (reference.isOpen()) {
                if (reference.add(b)) {
                    span = i + 1;
                    if (reference.isComplete()) {
                        resolve(of, out);
                    }
                    continue;
                }
                resolve(of, out);
            }
            if (endsValue(b)) {
                of.end(out);
                return afterValue(i);
            }
            if (of.isDone()) {
                state = State.SKIPPED_VALUE;
                return i;
            }
            if (b == '&') {
                if (span < i) {
                    out.write(in, span, i);
                }
                span = i + 1;
                reference.open();
            } else if (of.take(b & 0xff, in, i, i + 1, out)) {
                if (span < i) {
                    out.write(in, span, i);
                }
                span = i + 1;
            }
        }
        return to;
    }

    /// A reference that we know is one character; another is the text that it is.
    private void resolve(Finder of, Sink out) {
        int c = reference.character();
        int step = c < 0 ? 1 : reference.length;
        for (int i = 0; i < reference.length; i += step) {
            if (!of.take(c < 0 ? reference.bytes[i] : c, reference.bytes, i, i + step, out)) {
                out.write(reference.bytes, i, i + step);
            }
        }
        reference.length = 0;
    }

    private int tagEnd(int at) {
        state = State.TEXT;
        boolean empty = closesItself && (isXml || isXhtml || foreignDepth > 0);
        switch (element.content()) {
            case FOREIGN -> {
                if (isEndTag) {
                    foreignDepth = Math.max(0, foreignDepth - 1);
                } else if (!closesItself) {
                    foreignDepth++;
                }
            }
            case TEXT, STYLE, SCRIPT -> {
                boolean markup = element.content() == Content.TEXT && (isXml || foreignDepth > 0);
                if (!isEndTag && !empty && !markup) {
                    state = State.CONTENT;
                    contentEnd.begin(element);
                    finder = inContents.get(element.content());
                    if (finder != null) {
                        finder.begin();
                    }
                }
            }
            case PLAIN -> {
                if (!isEndTag && !isXml) {
                    state = State.PLAIN_TEXT;
                }
            }
            case MARKUP -> {}
        }
        return at + 1;
    }

    private int content(byte[] in, int at, int to, Sink out) {
        Finder of = finder;
        int i = at;
        while (i < to) {
            if (contentEnd.isQuiet()) {
                int next = of == null ? upToTag(in, i, to) : of.skip(in, i, to);
                if (next > i) {
                    i = next;
                    continue;
                }
            }
            byte b = in[i];
            if (contentEnd.take(b)) {
                if (of != null) {
                    of.end(out);
                }
                finder = null;
                isEndTag = true;
                closesItself = false;
                state = State.BEFORE_ATTRIBUTE;
                return i;
            }
            if (of != null && of.take(b & 0xff, in, i, i + 1, out)) {
                if (span < i) {
                    out.write(in, span, i);
                }
                span = i + 1;
            }
            i++;
        }
        return i;
    }

    private int declaration(byte b, int at) {
        if (b == '-') {
            state = State.COMMENT_OPEN;
            return at + 1;
        }
        if (b == '[' && (isXml || isXhtml || foreignDepth > 0)) {
            matched = 0;
            state = State.CDATA_OPEN;
            return at + 1;
        }
        state = State.BOGUS_COMMENT;
        return at;
    }

    private int commentOpen(byte b, int at) {
        if (b == '-') {
            matched = 2; // <!--> is a comment already
            state = State.COMMENT;
            return at + 1;
        }
        state = State.BOGUS_COMMENT;
        return at;
    }

    private int comment(byte[] in, int at, int to) {
        for (int i = at; i < to; i++) {
            byte b = in[i];
            if (b == '-') {
                matched = matched == BANG ? 1 : Math.min(2, matched + 1);
            } else if (b == '>' && (matched == 2 || matched == BANG)) {
                state = State.TEXT;
                return i + 1;
            } else {
                matched = b == '!' && matched == 2 ? BANG : 0;
            }
        }
        return to;
    }

    private int bogusComment(byte[] in, int at, int to) {
        for (int i = at; i < to; i++) {
            if (in[i] == '>') {
                state = State.TEXT;
                return i + 1;
            }
        }
        return to;
    }

    private int cdataOpen(byte b, int at) {
        if (b != CDATA[matched]) {
            state = State.BOGUS_COMMENT;
            return at;
        }
        matched++;
        if (matched == CDATA.length) {
            matched = 0;
            state = State.CDATA;
        }
        return at + 1;
    }

    private int cdata(byte[] in, int at, int to) {
        for (int i = at; i < to; i++) {
            byte b = in[i];
            if (b == '>' && matched >= 2) {
                state = State.TEXT;
                return i + 1;
            }
            matched = b == ']' ? Math.min(2, matched + 1) : 0;
        }
        return to;
    }
}
