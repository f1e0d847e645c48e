package io.postern.domain.links;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What became of a link that leads inside, or of an answer whose links were not looked at: the catalogue of
/// `postern app links` and of docs/guide/link-translation.md. The wire name is what API, log and metrics say.
public enum LinkFinding {
    TRANSLATED("translated", false, "leads to a published application", "nothing"),
    PLACE_SWITCHED_OFF(
            "place-switched-off",
            false,
            "leads to a published application, but links at such a place are not translated",
            "switch it on in linkTranslation, if no program reads these texts"),
    FOLDER_NOT_PUBLISHED(
            "folder-not-published",
            false,
            "its server is published, its folder is not (PUB-9)",
            "publish the higher folder"),
    NOT_PUBLISHED("not-published", false, "its server is not published (BODY-3)", "publish it, or mend the page"),
    SHORT_NAME_OF_SEVERAL(
            "short-name-of-several",
            false,
            "several published servers have this short name, none of them in the page's own domain",
            "write the full name in the page"),
    UNREADABLE("unreadable-url", false, "it holds user information, or a host or port that cannot be", "mend the page"),
    UNKNOWN_CODING(
            "unknown-coding",
            true,
            "is compressed in a way that was not asked for, and passed untranslated",
            "let the backend obey Accept-Encoding, which names gzip and deflate only"),
    UNKNOWN_CHARSET(
            "unknown-charset",
            true,
            "is in an encoding in which links cannot be found safely, and passed untranslated",
            "let the backend send UTF-8"),
    PART(
            "part",
            true,
            "is a part of a page (206), and passed untranslated",
            "nothing, if the page itself is translated: only programs ask for parts"),
    BROKEN_CODING("broken-coding", true, "cannot be decompressed", "see the backend's log"),
    TYPE_NOT_READ(
            "type-not-read",
            true,
            "is of a type in which no links are looked for",
            "nothing, or correct the backend's Content-Type"),
    ONLY_BEGINNING_READ(
            "only-beginning-read",
            true,
            "was read by the dry run up to 4 MiB only; translation reads all of it",
            "nothing");

    private static final Map<String, LinkFinding> BY_WIRE_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(LinkFinding::wireName, Function.identity()));

    private final String wireName;
    private final boolean ofAnswer;
    private final String meaning;
    private final String remedy;

    LinkFinding(String wireName, boolean ofAnswer, String meaning, String remedy) {
        this.wireName = wireName;
        this.ofAnswer = ofAnswer;
        this.meaning = meaning;
        this.remedy = remedy;
    }

    public static Optional<LinkFinding> of(String wireName) {
        return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
    }

    public String wireName() {
        return wireName;
    }

    /// About a whole answer, not about one link.
    public boolean isOfAnswer() {
        return ofAnswer;
    }

    /// Goes on after "the link" or "the answer".
    public String meaning() {
        return meaning;
    }

    public String remedy() {
        return remedy;
    }
}
