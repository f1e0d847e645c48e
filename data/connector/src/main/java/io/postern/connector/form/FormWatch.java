package io.postern.connector.form;

import io.netty.util.ByteProcessor;
import java.util.Locale;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;

/// Reads a page of HTML as it streams past, and tells whether it has the sign-on form in it: one with the same
/// field for the name, and the same field and no other for a password. Keeps one tag at a time, and looks at the
/// beginning of a page only. Confined to an event loop.
final class FormWatch implements ByteProcessor {
    private static final int BYTES_MAX = 256 * 1024;
    private static final int TAG_MAX = 4 * 1024;

    private final LoginFields fields;
    private final StringBuilder tag = new StringBuilder();
    private boolean isInTag;
    private int seen;
    private boolean hasUser;
    private int passwords;
    private boolean isOurs;
    private boolean found;

    FormWatch(LoginFields fields) {
        this.fields = fields;
    }

    boolean found() {
        return found;
    }

    /// @return whether more is wanted
    @Override
    public boolean process(byte value) {
        char c = (char) (value & 0xff); // names of fields beyond ASCII are not found
        if (c == '<') {
            isInTag = true;
            tag.setLength(0);
        } else if (isInTag && c == '>') {
            isInTag = false;
            onTag();
        } else if (isInTag && tag.length() < TAG_MAX) {
            tag.append(c);
        }
        return !found && ++seen < BYTES_MAX;
    }

    private void onTag() {
        if (is("input")) {
            onInput();
        } else if (is("form") || is("/form") || is("/body") || is("/html")) {
            endForm();
        }
    }

    private boolean is(String name) {
        int length = name.length();
        return tag.length() >= length
                && tag.substring(0, length).equalsIgnoreCase(name)
                && (tag.length() == length || !Character.isLetterOrDigit(tag.charAt(length)));
    }

    private void onInput() {
        Element input = Jsoup.parseBodyFragment("<" + tag + ">").selectFirst("input");
        if (input == null) {
            return;
        }
        String name = input.attr("name");
        hasUser |= fields.user().filter(name::equals).isPresent();
        if (input.attr("type").strip().toLowerCase(Locale.ROOT).equals("password")) {
            passwords++;
            isOurs |= name.equals(fields.password());
        }
    }

    /// Two passwords: somebody chooses a new one.
    private void endForm() {
        found |= isOurs && passwords == 1 && (hasUser || fields.user().isEmpty());
        hasUser = false;
        passwords = 0;
        isOurs = false;
    }
}
