package dev.tetra.tsm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a main class where it may do what would harm this machine: in namespaces of its own, by unshare(1). Its assertions are
 * its exit status and what it printed.
 */
final class Namespaces {
    /** The exit status of a machine that does not let us prepare the place. */
    private static final int NOT_ALLOWED = 99;

    private Namespaces() {}

    /**
     * Runs it to its end.
     *
     * @param options which namespaces, in unshare's words
     * @param prepare a line of shell that is run there first; where it fails, the test is skipped
     * @param main the class; its arguments follow, and are {@code $1} and so on for the line
     * @return what it printed
     */
    static String run(List<String> options, String prepare, Class<?> main, Object... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of("unshare", "--map-root-user"));
        words.addAll(options);
        // The shell stays, and takes care of orphans where it is process 1.
        words.addAll(List.of(
                "sh",
                "-c",
                "{ " + prepare + "; } || exit " + NOT_ALLOWED + "; java=$JAVA; unset JAVA; \"$java\" -XX:+UseSerialGC"
                        + " -XX:TieredStopAtLevel=1 -Xmx128m -XX:-UsePerfData " + main.getName()
                        + " \"$@\"; status=$?; exit $status",
                "sh"));
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment()
                .put(
                        "JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.environment().put("CLASSPATH", Sandbox.classPath());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        assumeTrue(
                status != NOT_ALLOWED && !said.contains("unshare failed") && !said.startsWith("unshare: "),
                "this machine lets nobody have " + options + " of his own: " + said);
        assertThat(status).as(said).isZero();
        return said;
    }
}
