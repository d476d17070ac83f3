package dev.tetra.tsm.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shown of a log when a start failed. */
class LogTailTest {
    @TempDir
    Path root;

    private List<String> tail(String before, String text) throws Exception {
        Path log = Files.writeString(root.resolve("log"), before + text);
        return LogTail.since(log, before.length(), "err");
    }

    @Test
    void onlyWhatCameSinceIsShown() throws Exception {
        assertThat(tail("old\n", "new\n\nnewer  \n")).containsExactly("err: new", "err: newer");
    }

    @Test
    void ofManyLinesTheFirstAndTheLastAreShown() throws Exception {
        List<String> shown = tail("", "line\n".repeat(100));
        assertThat(shown).hasSize(31);
        assertThat(shown.get(15)).isEqualTo("err: … 70 lines more …");
    }

    @Test
    void aLineWithoutEndIsCut() throws Exception {
        assertThat(tail("", "x".repeat(50_000)))
                .containsExactly("err: " + "x".repeat(2000) + "… 48000 characters more");
    }

    @Test
    void aLogThatIsNotThereHasNoLines() {
        assertThat(LogTail.since(root.resolve("none"), 0, "err")).isEmpty();
    }
}
