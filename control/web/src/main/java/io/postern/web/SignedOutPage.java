package io.postern.web;

import io.postern.domain.publish.Branding;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Says that the user is signed out, and of which applications; hidden frames tell those.
///
/// @param frames addresses of applications
/// @param onward where the script goes as soon as all frames have loaded; empty for a page that stays
/// @param next where a link leads on
public record SignedOutPage(
        List<Application> applications,
        List<String> frames,
        Optional<String> onward,
        MessagePage.Link next,
        Branding branding)
        implements View {
    /// How it stands with one application.
    public enum State {
        WAITING,
        /// It was told; answers are not foreseen.
        TOLD,
        ENDED,
        /// Its own session may go on.
        REMAINS
    }

    /// @param link to try it once more, in the whole window
    public record Application(String name, State state, Optional<String> link) {}

    public SignedOutPage {
        applications = List.copyOf(applications);
        frames = List.copyOf(frames);
    }

    /// Nothing more comes, and somebody may still be signed in somewhere.
    public boolean isIncomplete() {
        return onward.isEmpty()
                && applications.stream().anyMatch(a -> a.state() == State.WAITING || a.state() == State.REMAINS);
    }

    /// How it stands, in words.
    public String state(Texts texts, Application application) {
        return texts.of(
                switch (application.state()) {
                    case WAITING -> onward.isPresent() ? "signedOut.waiting" : "signedOut.silent";
                    case TOLD -> "signedOut.told";
                    case ENDED -> "signedOut.ended";
                    case REMAINS -> "signedOut.remains";
                });
    }

    @Override
    public String template() {
        return "signed-out.jte";
    }

    @Override
    public String title(Texts texts) {
        return texts.of("signedOut.heading");
    }

    /// An application may send its frame on to another address of its own, and one that answers sends it back here.
    @Override
    public List<String> frameSources() {
        return frames.isEmpty()
                ? List.of()
                : Stream.concat(Stream.of("'self'", "https:"), frames.stream().map(SignedOutPage::origin))
                        .distinct()
                        .toList();
    }

    /// Asked to keep it while its frames load, an application would hear of the sign-out twice.
    @Override
    public Switch languageSwitch() {
        return onward.isPresent() ? Switch.NONE : Switch.KEPT;
    }

    @Override
    public boolean submitsItself() {
        return onward.isPresent();
    }

    private static String origin(String url) {
        int path = url.indexOf('/', url.indexOf("://") + 3);
        return path < 0 ? url : url.substring(0, path);
    }
}
