package io.postern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The pages that `bin/bench links` serves, and what must become of the links in them.
final class LinkPages {
    static final int SMALL_BYTES = 50 << 10;
    static final int LARGE_BYTES = 10 << 20;
    static final String SMALL = "small.html";
    static final String LARGE = "large.html";
    static final String ODD = "odd.html";

    private static final int KIBIBYTE = 1 << 10;
    private static final String WORDS = "Lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam nonumy. ";

    /// Every link of this page is seen by mod_proxy_html; `%s` is where its URL stands.
    private static final List<String> ODD_LINKS = List.of(
            "<a href=\"%s\">x</a>",
            "<a href='%s'>x</a>",
            "<a href=%s>x</a>",
            "<A HREF=\"%s\">x</A>",
            "<a\nhref =\n\"%s\">x</a>",
            "<a title=\"a > b\" href=\"%s\">x</a>",
            "<img src=\"%s\" alt=\"\">",
            "<form action=\"%s\"></form>",
            "<input src=\"%s\">",
            "<q cite=\"%s\">x</q>",
            "<ins cite=\"%s\">x</ins>",
            "<blockquote cite=\"%s\">x</blockquote>",
            "<map><area href=\"%s\"></map>",
            "<object data=\"%s\" codebase=\"http://app1.corp/c\"></object>",
            "<script src=\"%s\"></script>");

    private static final Pattern LINK = Pattern.compile(
            "(?i)\\b(?:href|src|action|cite|data|codebase)\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s>]+))");

    private LinkPages() {}

    static String inside(int application) {
        return "http://app" + application + ".corp";
    }

    static void write(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(SMALL), page(SMALL_BYTES));
            Files.writeString(folder.resolve(LARGE), page(LARGE_BYTES));
            Files.writeString(folder.resolve(ODD), odd());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One link in each KiB.
    private static String page(int bytes) {
        String end = "</div></body></html>\n";
        var text = new StringBuilder("<!DOCTYPE html>\n<html><head><title>t</title></head><body><div>\n");
        int links = 0;
        while (text.length() < bytes - KIBIBYTE) {
            text.append("<p class=\"note\"><a href=\"")
                    .append(inside(links % LinkBench.APPLICATIONS))
                    .append("/orders/2026?page=3&amp;sort=date\">more</a></p>\n");
            links++;
            while (text.length() < links * KIBIBYTE) {
                text.append(WORDS);
            }
        }
        while (text.length() < bytes - end.length()) {
            text.append('.');
        }
        return text.append(end).toString();
    }

    private static String odd() {
        var text = new StringBuilder("<!DOCTYPE html>\n<html><head><title>t</title></head><body>\n");
        for (int i = 0; i < ODD_LINKS.size(); i++) {
            text.append(ODD_LINKS.get(i).replace("%s", inside(i % LinkBench.APPLICATIONS) + "/x" + i))
                    .append('\n');
        }
        return text.append("</body></html>\n").toString();
    }

    /// The URLs in a page, in their order.
    static List<String> links(byte[] page) {
        return LINK.matcher(new String(page, StandardCharsets.UTF_8))
                .results()
                .map(m -> m.group(1) != null ? m.group(1) : m.group(2) != null ? m.group(2) : m.group(3))
                .toList();
    }
}
