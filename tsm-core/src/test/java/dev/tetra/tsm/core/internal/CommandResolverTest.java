package dev.tetra.tsm.core.internal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tetra.tsm.core.ProcessType;
import dev.tetra.tsm.core.ServiceException;
import dev.tetra.tsm.core.ServiceException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandResolverTest {
    @TempDir
    Path root;

    private Path cwd = Path.of("");
    private Path bin = Path.of("");

    @BeforeEach
    void makeDirectories() throws IOException {
        cwd = Files.createDirectory(root.resolve("work"));
        bin = Files.createDirectory(root.resolve("bin"));
    }

    // Interpreters

    @ParameterizedTest
    @CsvSource({
        "python, PYTHON",
        "python3, PYTHON",
        "python3.11, PYTHON",
        "pypy3, PYTHON",
        "node, NODE",
        "nodejs, NODE",
        "node-20, NODE",
        "bash, BASH",
        "sh, BASH",
        "dash, BASH",
        "zsh, BASH",
        "ksh, BASH",
        "lua, LUA",
        "lua5.4, LUA",
        "luajit, LUA",
        "go, GO",
        "java, JAVA",
        "ruby, RUBY",
        "php8.2, PHP",
        "deno, DENO",
        "bun, BUN",
        "pythonx, COMMAND",
        "caddy, COMMAND",
        "3, COMMAND"
    })
    void theFirstWordSaysTheType(String word, ProcessType type) throws IOException {
        program(bin.resolve(word));
        assertThat(resolve(word).type()).isEqualTo(type);
    }

    @Test
    void anInterpreterRunsTheWordsAsGivenAndIsNamedByItsPath() throws IOException {
        Path python = program(bin.resolve("python3"));
        assertThat(resolve("python3", "-m", "http.server", ""))
                .isEqualTo(new ResolvedCommand(
                        List.of("python3", "-m", "http.server", ""), ProcessType.PYTHON, Optional.of(python), true));
    }

    @Test
    void anInterpreterMayBeNamedByAPath() throws IOException {
        Files.createDirectories(cwd.resolve("venv/bin"));
        Path python = program(cwd.resolve("venv/bin/python"));
        assertThat(resolve("./venv/bin/python", "x.py"))
                .isEqualTo(new ResolvedCommand(
                        List.of("./venv/bin/python", "x.py"), ProcessType.PYTHON, Optional.of(python), true));
        assertThat(resolve(python.toString(), "x.py").argv()).containsExactly(python.toString(), "x.py");
    }

    @Test
    void anInterpreterThatOnlyTheDirectoryHasRunsByItsPath() throws IOException {
        Path node = program(cwd.resolve("node"));
        assertThat(resolve("node", "x.js").argv()).containsExactly(node.toString(), "x.js");
        assertThat(resolve("node", "x.js").interpreter()).hasValue(node);
    }

    @Test
    void aMissingInterpreterIsNotFound() throws IOException {
        assertThat(refused(Reason.MISSING_FILE, "python3", "x.py")).startsWith("command not found: python3; ");
        program(bin.resolve("python3"));
        program(bin.resolve("nodejs"));
        assertThat(refused(Reason.MISSING_FILE, "python", "x.py"))
                .isEqualTo("command not found: python; python3 is on the PATH");
        assertThat(refused(Reason.MISSING_FILE, "node")).isEqualTo("command not found: node; nodejs is on the PATH");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "python3 x.py",
                "python3 -u x.py 1",
                "python3 -m http.server",
                "python3 -um http.server",
                "python3 -W ignore x.py",
                "python3 -mhttp.server",
                "python3 -- x.py",
                "node server.js 8080",
                "node -r dotenv/config x.js",
                "node --watch x.js",
                "java -jar x.jar",
                "java -cp lib Main",
                "java -m mod/pkg.Main",
                "go run .",
                "go run -race ./cmd/x",
                "ruby x.rb",
                "ruby -I lib x.rb",
                "php artisan serve",
                "php -S :8000",
                "php -S :8000 -t public",
                "php -f x.php",
                "deno run -A x.ts",
                "deno x.ts",
                "deno task dev",
                "deno serve x.ts",
                "bun x.ts",
                "bun run build",
                "bun dev",
                "bun --cwd web start",
            })
    void anInterpreterWithAProgramServes(String words) throws IOException {
        List<String> command = List.of(words.split(" ", -1));
        program(bin.resolve(command.get(0)));
        assertThat(CommandResolver.resolve(command, cwd, path(bin)).serves()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "python3",
                "python3 -c pass",
                "python3 -Ic pass",
                "python3 -m",
                "python3 -",
                "python3 -i",
                "python3 -W ignore",
                "python3 --version",
                "node",
                "node -e 1",
                "node -p 1",
                "node --eval=1 x",
                "node --print=1 x",
                "node -r x",
                "java -version",
                "java -cp x",
                "java -jar",
                "go",
                "go test ./x",
                "go version",
                "ruby",
                "ruby -e 1",
                "php -a",
                "php -r 1",
                "php -f",
                "deno",
                "deno eval 1",
                "deno test run",
                "bun install",
                "bun -e 1",
                "bash x.sh",
                "bash -c x",
                "bash",
                "sh x",
                "lua x.lua",
                "caddy run",
            })
    void otherwiseNothingServes(String words) throws IOException {
        List<String> command = List.of(words.split(" ", -1));
        program(bin.resolve(command.get(0)));
        assertThat(CommandResolver.resolve(command, cwd, path(bin)).serves()).isFalse();
    }

    // Scripts

    @ParameterizedTest
    @CsvSource({
        "x.py, python3, PYTHON, true", "x.py, python, PYTHON, true", "x.js, node, NODE, true",
                "x.mjs, nodejs, NODE, true",
        "x.cjs, node, NODE, true", "x.ts, deno run, DENO, true", "x.ts, bun, BUN, true", "x.sh, bash, BASH, false",
        "x.sh, sh, BASH, false", "x.bash, bash, BASH, false", "x.lua, lua, LUA, false", "x.lua, luajit, LUA, false",
        "x.go, go run, GO, true", "x.jar, java -jar, JAVA, true", "x.java, java, JAVA, true", "x.rb, ruby, RUBY, true",
        "x.php, php, PHP, true", "v1.2.py, python3, PYTHON, true"
    })
    void aScriptRunsUnderItsInterpreterWithAllItsWords(String script, String before, ProcessType type, boolean serves)
            throws IOException {
        Files.createFile(cwd.resolve(script));
        List<String> words = List.of(before.split(" ", -1));
        Path interpreter = program(bin.resolve(words.get(0)));
        String argv = before + " " + script + " a  --b";
        assertThat(resolve(script, "a", "", "--b"))
                .isEqualTo(new ResolvedCommand(List.of(argv.split(" ", -1)), type, Optional.of(interpreter), serves));
    }

    @ParameterizedTest
    @CsvSource({"x.py, python3, python", "x.js, node, nodejs", "x.ts, deno, bun", "x.sh, bash, sh", "x.lua, lua, luajit"
    })
    void ofTwoInterpretersTheUsualOneRunsAScript(String script, String first, String second) throws IOException {
        Files.createFile(cwd.resolve(script));
        program(bin.resolve(first));
        program(bin.resolve(second));
        assertThat(resolve(script).argv().get(0)).isEqualTo(first);
    }

    @Test
    void theWordOfAScriptStaysAsGiven() throws IOException {
        program(bin.resolve("bash"));
        Path script = Files.createFile(Files.createDirectory(cwd.resolve("sub")).resolve("app.sh"));
        assertThat(resolve("./sub/../sub/app.sh").argv()).containsExactly("bash", "./sub/../sub/app.sh");
        assertThat(resolve(script.toString()).argv()).containsExactly("bash", script.toString());
    }

    @Test
    void aScriptThatIsExecutableAndNamesItsInterpreterRunsAsItself() throws IOException {
        program(bin.resolve("python3"));
        Path script = program(cwd.resolve("app.py"));
        assertThat(resolve("app.py", "a"))
                .isEqualTo(new ResolvedCommand(
                        List.of(script.toString(), "a"), ProcessType.PYTHON, Optional.empty(), true));
        assertThat(resolve("./app.py").argv()).containsExactly(script.toString());
        program(cwd.resolve("app.sh"));
        assertThat(resolve("app.sh").serves()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"print(1)", "#", "", "!#/bin/sh", "#include"})
    void aScriptThatIsExecutableButNamesNoInterpreterRunsUnderOne(String text) throws IOException {
        program(bin.resolve("python3"));
        Files.writeString(program(cwd.resolve("app.py")), text);
        assertThat(resolve("app.py").argv()).containsExactly("python3", "app.py");
    }

    @Test
    void aScriptThatNamesItsInterpreterButIsNotExecutableRunsUnderOne() throws IOException {
        program(bin.resolve("python3"));
        Files.writeString(cwd.resolve("app.py"), "#!/usr/bin/env python3\n");
        assertThat(resolve("app.py").argv()).containsExactly("python3", "app.py");
    }

    @Test
    void aScriptInTheDirectoryComesBeforeOneOnThePath() throws IOException {
        program(bin.resolve("bash"));
        program(bin.resolve("app.sh"));
        Files.createFile(cwd.resolve("app.sh"));
        assertThat(resolve("app.sh").argv()).containsExactly("bash", "app.sh");
        Path local = program(cwd.resolve("app.sh"));
        assertThat(resolve("app.sh").argv()).containsExactly(local.toString());
    }

    @Test
    void aScriptOnThePathRunsAsItselfAndHasItsType() throws IOException {
        program(bin.resolve("manage.py"));
        assertThat(resolve("manage.py", "run"))
                .isEqualTo(
                        new ResolvedCommand(List.of("manage.py", "run"), ProcessType.PYTHON, Optional.empty(), true));
    }

    @Test
    void aScriptWithoutInterpreterOnThePathIsRefused() throws IOException {
        program(cwd.resolve("python3"));
        Files.createFile(cwd.resolve("x.py"));
        Files.createFile(cwd.resolve("x.ts"));
        assertThat(refused(Reason.MISSING_FILE, "x.py"))
                .isEqualTo("x.py needs python3, which is not on the PATH" + "; install it or name the interpreter");
        assertThat(refused(Reason.MISSING_FILE, "x.ts"))
                .startsWith("x.ts needs deno or bun, which is not on the PATH;");
    }

    @Test
    void aNameWithoutExtensionIsNoScript() throws IOException {
        program(bin.resolve("php"));
        Files.createFile(cwd.resolve("php"));
        assertThat(resolve("php", "x").argv()).containsExactly("php", "x");
        Path hidden = program(cwd.resolve(".py"));
        assertThat(resolve(".py").argv()).containsExactly(hidden.toString());
        assertThat(resolve(".py").type()).isEqualTo(ProcessType.COMMAND);
    }

    // Programs

    @Test
    void aProgramOnThePathRunsAsItself() throws IOException {
        program(bin.resolve("caddy"));
        assertThat(resolve("caddy", "run"))
                .isEqualTo(new ResolvedCommand(List.of("caddy", "run"), ProcessType.COMMAND, Optional.empty(), false));
    }

    @Test
    void aProgramOnThePathComesBeforeOneInTheDirectory() throws IOException {
        program(bin.resolve("server"));
        Path local = program(cwd.resolve("server"));
        assertThat(resolve("server").argv()).containsExactly("server");
        assertThat(resolve("./server").argv()).containsExactly(local.toString());
    }

    @Test
    void aProgramInTheDirectoryRunsByItsPath() throws IOException {
        Path local = program(cwd.resolve("my server"));
        assertThat(resolve("my server", "a"))
                .isEqualTo(new ResolvedCommand(
                        List.of(local.toString(), "a"), ProcessType.COMMAND, Optional.empty(), false));
        assertThat(resolve(local.toString()).argv()).containsExactly(local.toString());
    }

    @Test
    void aPathThatLeavesALinkIsFollowedAndNotShortened() throws IOException {
        Path real = Files.createDirectories(root.resolve("far/away"));
        program(root.resolve("far/tool"));
        Files.createSymbolicLink(cwd.resolve("link"), real);
        assertThat(resolve("link/../tool").argv()).containsExactly(cwd + "/link/../tool");
    }

    @Test
    void thePathIsSearchedInItsOrderForExecutableFilesOnly() throws IOException {
        Path none = root.resolve("none");
        Path first = Files.createDirectory(root.resolve("first"));
        Path directory = Files.createDirectory(root.resolve("directory"));
        Files.createFile(first.resolve("python3"));
        Files.createDirectory(directory.resolve("python3"));
        Path found = program(bin.resolve("python3"));
        Path last = Files.createDirectory(root.resolve("last"));
        program(last.resolve("python3"));
        Map<String, String> environment = Map.of("PATH", none + ":" + first + ":" + directory + ":" + bin + ":" + last);
        assertThat(CommandResolver.resolve(List.of("python3"), cwd, environment).interpreter())
                .hasValue(found);
    }

    @Test
    void relativeAndEmptyEntriesOfThePathAreSeenFromTheDirectory() throws IOException {
        Path tools = Files.createDirectory(cwd.resolve("tools"));
        Path python = program(tools.resolve("python3"));
        Path node = program(cwd.resolve("node"));
        Map<String, String> environment = Map.of("PATH", "./tools:");
        assertThat(CommandResolver.resolve(List.of("python3"), cwd, environment).interpreter())
                .hasValue(python);
        assertThat(CommandResolver.resolve(List.of("node"), cwd, environment).interpreter())
                .hasValue(node);
        assertThat(CommandResolver.resolve(List.of("node"), cwd, environment).argv())
                .containsExactly("node");
    }

    @Test
    void aLeadingEmptyEntryOfThePathIsTheDirectoryToo() throws IOException {
        Path node = program(cwd.resolve("node"));
        program(bin.resolve("node"));
        Map<String, String> environment = Map.of("PATH", ":" + bin);
        assertThat(CommandResolver.resolve(List.of("node"), cwd, environment).interpreter())
                .hasValue(node);
        assertThat(CommandResolver.resolve(List.of("node"), cwd, environment).argv())
                .containsExactly("node");
    }

    @Test
    void whatCannotBeAFileNameIsRefusedAndPassedOverInThePath() throws IOException {
        String impossible = "\ud800";
        program(bin.resolve("caddy"));
        assertThat(refused(Reason.INVALID, impossible)).startsWith("not a file name in this locale: ");
        assertThat(CommandResolver.resolve(List.of("caddy"), cwd, Map.of("PATH", impossible + ":" + bin))
                        .argv())
                .containsExactly("caddy");
    }

    @Test
    void aRelativeDirectoryGivesAbsolutePaths() throws IOException {
        Path local = program(cwd.resolve("server"));
        Path relative = Path.of("").toAbsolutePath().relativize(cwd);
        assertThat(Path.of(CommandResolver.resolve(List.of("./server"), relative, Map.of())
                        .argv()
                        .get(0)))
                .isAbsolute()
                .satisfies(path -> assertThat(Files.isSameFile(path, local)).isTrue());
    }

    // What is refused

    @Test
    void anUnknownCommandIsNotFound() {
        assertThat(refused(Reason.MISSING_FILE, "foo"))
                .isEqualTo("command not found: foo; there is no such program on the PATH or in " + cwd);
        assertThat(refused(Reason.MISSING_FILE, "./foo"))
                .isEqualTo("command not found: ./foo; there is no such file in " + cwd);
        assertThat(refused(Reason.MISSING_FILE, "/no/such"))
                .isEqualTo("command not found: /no/such; there is no such file");
        assertThat(refused(Reason.MISSING_FILE, "foo.py")).startsWith("command not found: foo.py; ");
        ServiceException refusal = catchThrowableOfType(
                ServiceException.class, () -> CommandResolver.resolve(List.of("foo"), cwd, Map.of()));
        assertThat(refusal).hasMessageContaining("on the PATH (which is not set)");
    }

    @Test
    void aFileThatIsNotExecutableIsSaidToBeSo() throws IOException {
        Files.createFile(cwd.resolve("foo"));
        String reason = "./foo is not executable: chmod +x it, or put its interpreter before it";
        assertThat(refused(Reason.MISSING_FILE, "foo")).isEqualTo(reason);
        assertThat(refused(Reason.MISSING_FILE, "./foo")).isEqualTo(reason);
        assertThat(refused(Reason.MISSING_FILE, cwd + "/foo")).startsWith(cwd + "/foo is not executable:");
    }

    @Test
    void aDirectoryIsRefused() throws IOException {
        Files.createDirectory(cwd.resolve("sub"));
        Files.createDirectory(cwd.resolve("x.py"));
        assertThat(refused(Reason.MISSING_FILE, "sub")).isEqualTo("sub is a directory; name the program in it");
        assertThat(refused(Reason.MISSING_FILE, "./sub/")).isEqualTo("./sub/ is a directory; name the program in it");
        assertThat(refused(Reason.MISSING_FILE, "x.py")).isEqualTo("x.py is a directory; name the program in it");
        assertThat(refused(Reason.MISSING_FILE, "/")).isEqualTo("/ is a directory; name the program in it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "npm start",
                "a&&b",
                "a\tb",
                "a|b",
                "a;b",
                "a>b",
                "a<b",
                "$A",
                "`a`",
                "*",
                "(a)",
                "'a'",
                "\"a\"",
                "a\nb"
            })
    void shellSyntaxInTheFirstWordGetsAHint(String word) {
        assertThat(refused(Reason.MISSING_FILE, word))
                .isEqualTo("command not found: " + word + "; give the words apart, or use --shell for shell syntax");
    }

    @Test
    void variablesBeforeTheCommandGoBehindEnv() throws IOException {
        program(bin.resolve("node"));
        ResolvedCommand resolved = resolve("PORT=8080", "NODE_ENV2=x y", "node", "server.js");
        assertThat(resolved.argv()).containsExactly("env", "PORT=8080", "NODE_ENV2=x y", "node", "server.js");
        assertThat(resolved.type()).isEqualTo(ProcessType.NODE);
        assertThat(resolved.interpreter()).contains(bin.resolve("node"));
        assertThat(resolved.serves()).isTrue();
    }

    @Test
    void variablesWithoutACommandAreRefused() {
        assertThat(refused(Reason.MISSING_FILE, "A=x", "B=y"))
                .isEqualTo("command not found: A=x; there is no program behind the variables");
        assertThat(refused(Reason.MISSING_FILE, "A=x", "nothing")).startsWith("command not found: nothing; ");
        assertThat(refused(Reason.INVALID, "A=x", "")).startsWith("no command");
        assertThat(refused(Reason.MISSING_FILE, "=x")).contains("there is no such program");
        assertThat(refused(Reason.MISSING_FILE, "a-b=x")).contains("there is no such program");
    }

    @Test
    void noCommandIsRefused() {
        String reason = "no command; give the program to run and its arguments";
        assertThat(refused(Reason.INVALID)).isEqualTo(reason);
        assertThat(refused(Reason.INVALID, "")).isEqualTo(reason);
        assertThat(refused(Reason.INVALID, " ", "a")).isEqualTo(reason);
    }

    @Test
    void aNulInAnyWordIsRefused() throws IOException {
        program(bin.resolve("caddy"));
        assertThat(refused(Reason.INVALID, "a\0b")).startsWith("a word of the command has a NUL character in it");
        assertThat(refused(Reason.INVALID, "caddy", "run", "\0")).startsWith("a word of the command has a NUL");
    }

    @Test
    void aResolvedCommandHasAWordAndCannotBeChanged() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResolvedCommand(List.of(), ProcessType.COMMAND, Optional.empty(), false))
                .withMessage("argv is empty");
        List<String> words = new ArrayList<>(List.of("a"));
        ResolvedCommand command = new ResolvedCommand(words, ProcessType.COMMAND, Optional.empty(), false);
        words.set(0, "b");
        assertThat(command.argv()).containsExactly("a").isUnmodifiable();
    }

    private ResolvedCommand resolve(String... words) {
        return CommandResolver.resolve(List.of(words), cwd, path(bin));
    }

    private String refused(Reason reason, String... words) {
        ServiceException refusal = catchThrowableOfType(ServiceException.class, () -> resolve(words));
        assertThat(refusal).as("%s was resolved", List.of(words)).isNotNull();
        assertThat(refusal.reason()).isEqualTo(reason);
        return requireNonNull(refusal.getMessage());
    }

    private static Map<String, String> path(Path directory) {
        return Map.of("PATH", directory.toString());
    }

    /** An executable file that names its interpreter. */
    private static Path program(Path file) throws IOException {
        Files.writeString(file, "#!/bin/sh\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
