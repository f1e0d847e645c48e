package io.postern.web;

import java.util.List;
import java.util.Optional;

/// A page that says one thing: a fault, or that something is done.
///
/// @param code for example `AADSTS50011`; empty where there is none
/// @param exchange id and `time` stand on faults only
public record MessagePage(
        Kind kind,
        String heading,
        List<String> paragraphs,
        Optional<Link> link,
        String code,
        String exchange,
        String time)
        implements View {

    public enum Kind {
        DONE,
        FAULT
    }

    public record Link(String label, String href) {}

    public MessagePage {
        paragraphs = List.copyOf(paragraphs);
    }

    public static MessagePage done(String heading, String text, Optional<Link> link) {
        return new MessagePage(Kind.DONE, heading, List.of(text), link, "", "", "");
    }

    public static MessagePage fault(String heading, String text, String code, String exchange, String time) {
        return new MessagePage(Kind.FAULT, heading, List.of(text), Optional.empty(), code, exchange, time);
    }

    public MessagePage withLink(String label, String href) {
        return new MessagePage(kind, heading, paragraphs, Optional.of(new Link(label, href)), code, exchange, time);
    }

    @Override
    public String template() {
        return "message.jte";
    }

    @Override
    public String title(Texts texts) {
        return heading;
    }
}
