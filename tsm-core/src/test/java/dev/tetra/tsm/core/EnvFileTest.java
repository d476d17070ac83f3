package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tetra.tsm.core.ServiceException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvFileTest {
    private static final Map<String, String> BASE = Map.of("HOME", "/home/ann", "BASE", "b", "BLANK", "");

    @TempDir
    Path directory;

    @Test
    void aLineSetsAVariable() {
        assertThat(parse("PORT=8080\nNAME=web")).containsExactly(Map.entry("PORT", "8080"), Map.entry("NAME", "web"));
    }

    @Test
    void exportBeforeALineChangesNothing() {
        assertThat(parse("export A=1\n\texport\tB=2 ")).isEqualTo(Map.of("A", "1", "B", "2"));
    }

    @Test
    void exportAndSetMayBeNamesThemselves() {
        assertThat(parse("export=1\nset=2\nexport =3")).isEqualTo(Map.of("export", "3", "set", "2"));
    }

    @Test
    void anExportWithoutValueIsTolerated() {
        assertThat(parse("A=1\nexport A\nexport B # comment")).isEqualTo(Map.of("A", "1"));
    }

    @Test
    void linesThatExportWhatFollowsAreTolerated() {
        assertThat(parse("set -a\nset +a # done\nset  -o  allexport\nset +o allexport\nA=1"))
                .isEqualTo(Map.of("A", "1"));
    }

    @Test
    void blanksAroundTheNameAndTheValueDoNotCount() {
        assertThat(parse(" \tA \t=\t 1 \t\nB =\nC = # none\n")).isEqualTo(Map.of("A", "1", "B", "", "C", ""));
    }

    @Test
    void aHashBeginsACommentAtTheStartOfALineOrAfterABlankOnly() {
        assertThat(parse("# one\n  # two 'open\nA=b#c # \"open\nD=#e\nF='g'#h\n#"))
                .isEqualTo(Map.of("A", "b#c", "D", "#e", "F", "g#h"));
    }

    @Test
    void theLastLineOfANameWinsAndKeepsTheFirstPlace() {
        assertThat(parse("A=1\nB=2\nA=3")).containsExactly(Map.entry("A", "3"), Map.entry("B", "2"));
    }

    @Test
    void namesMayHaveUnderscoresAndLaterDigits() {
        assertThat(parse("_=1\nzZ_9=2\nAz=3\naZ0=4")).isEqualTo(Map.of("_", "1", "zZ_9", "2", "Az", "3", "aZ0", "4"));
    }

    @Test
    void aByteOrderMarkAndCarriageReturnsAtLineEndsDoNotCount() {
        assertThat(parse("\uFEFFA=1\r\nB='2'\r\n\r\n# c\r\nC= \r\nset -a\r\nexport A\r\nD=x\\\r\ny\r\nE=5\r"))
                .isEqualTo(Map.of("A", "1", "B", "2", "C", "", "D", "xy", "E", "5"));
    }

    @Test
    void aCarriageReturnElsewhereIsACharacter() {
        assertThat(parse("A=x\ry\nB='1\r\n2'")).isEqualTo(Map.of("A", "x\ry", "B", "1\r\n2"));
    }

    @Test
    void singleQuotesAreLiteral() {
        assertThat(parse("A='a \"$B\" `c` \\n # ${'\nB='x\ny'"))
                .isEqualTo(Map.of("A", "a \"$B\" `c` \\n # ${", "B", "x\ny"));
    }

    @Test
    void doubleQuotesKnowEscapesAndKeepOtherBackslashes() {
        assertThat(parse("A=\"1\\n2\\t3\\r4\\\"5\\\\6\\$7\\`8\\x9\\}\\'\""))
                .isEqualTo(Map.of("A", "1\n2\t3\r4\"5\\6$7`8\\x9\\}\\'"));
    }

    @Test
    void doubleQuotesMaySpanLinesAndContinueThem() {
        assertThat(parse("A=\"a\nb\\\nc # d\"\nB=\"e\\\r\nf\"")).isEqualTo(Map.of("A", "a\nbc # d", "B", "ef"));
    }

    @Test
    void aBareValueTakesBackslashesForSpecialCharacters() {
        assertThat(parse("A=a\\ b\\;\\n\\\\\\$BASE\\#\nB=x\\\ny\nC=end\\"))
                .isEqualTo(Map.of("A", "a b;n\\$BASE#", "B", "xy", "C", "end\\"));
    }

    @Test
    void piecesThatTouchAreOneValue() {
        assertThat(parse("A=a\"b c\"'d'e\\ f$BASE\nB=''\nC=\"\""))
                .isEqualTo(Map.of("A", "ab cde fb", "B", "", "C", ""));
    }

    @Test
    void aReferenceMeansAnEarlierLineThenTheBaseThenNothing() {
        assertThat(parse("A=$BASE\nBASE=file\nB=$BASE-${BASE}\nC=\"<$B>\"\nD=[$NONE]${NONE}"))
                .containsEntry("A", "b")
                .containsEntry("B", "file-file")
                .containsEntry("C", "<file-file>")
                .containsEntry("D", "[]");
    }

    @Test
    void aReferenceEndsWhereItsNameEnds() {
        assertThat(parse("A=$BASE.x${BASE}9\"$BASE-\"$BASEé$\\\nBASE$BA\\\nSE$BASE\\\n.${BA\\\nSE}"))
                .isEqualTo(Map.of("A", "b.xb9b-bébbb.b"));
    }

    @Test
    void aDollarThatBeginsNothingIsADollar() {
        assertThat(parse("A=a$\nB=\"$ $/ $\"\nC=$%x$\\\"")).isEqualTo(Map.of("A", "a$", "B", "$ $/ $", "C", "$%x$\""));
    }

    @Test
    void aDefaultStandsInForWhatIsNotSetOrEmpty() {
        assertThat(parse("A=${NONE:-x}${BLANK:-y}${BASE:-z}\nB=${NONE-x}${BLANK-y}${BASE-z}\nC=${NONE:-}"))
                .isEqualTo(Map.of("A", "xyb", "B", "xb", "C", ""));
    }

    @Test
    void anAlternativeStandsInForWhatIsSet() {
        assertThat(parse("A=${NONE:+x}${BLANK:+y}${BASE:+z}\nB=${NONE+x}${BLANK+y}${BASE+z}"))
                .isEqualTo(Map.of("A", "z", "B", "yz"));
    }

    @Test
    void aDefaultMayHoldQuotesBlanksReferencesAndLineEnds() {
        assertThat(parse("A=${N:-a 'b}' \"c}\" ${M:-$BASE;\n(\\}}#d}\nB=\"${N:-a \"b}\" \\} $BASE\n}\"'x'"))
                .isEqualTo(Map.of("A", "a b} c} b;\n(}#d", "B", "a b} } b\nx"));
    }

    @Test
    void aLeadingTildeIsTheHomeDirectory() {
        assertThat(parse("A=~\nB=~/x:~:~/y \nC=${N:-~/z}${N:-~}\nD=~ # home\nE=~\r\n"))
                .isEqualTo(Map.of(
                        "A", "/home/ann",
                        "B", "/home/ann/x:/home/ann:/home/ann/y",
                        "C", "/home/ann/z/home/ann",
                        "D", "/home/ann",
                        "E", "/home/ann"));
    }

    @Test
    void aContinuedLineIsNoPartOfAValue() {
        assertThat(parse("A=\\\n~\\\n\\\r\n/x:\\\n~\nB=${N:-\\\n~\\\n}\nC=\\\n#c\nD=\\\n"))
                .isEqualTo(Map.of("A", "/home/ann/x:/home/ann", "B", "/home/ann", "C", "#c", "D", ""));
    }

    @Test
    void aTildeElsewhereIsATilde() {
        assertThat(parse("A=~bob\nB=a~\nC=\"~\"\nD='~'/x\nE=\\~\nF=x=~/y\nG=':'~\nI=${N:-~ x}"))
                .isEqualTo(Map.of(
                        "A", "~bob", "B", "a~", "C", "~", "D", "~/x", "E", "~", "F", "x=~/y", "G", ":~", "I", "~ x"));
        assertThat(EnvFile.parse("e", "A=~", Map.of()).variables()).isEqualTo(Map.of("A", "~"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A=$(id)", "A=\"x$(id)\"", "A=${N:-$(id)}", "A=$((1+2))", "A=\"${N:-$(id)}\""})
    void aCommandSubstitutionIsRefusedAndNotRun(String line) {
        assertThat(refused("B=1\n\n" + line))
                .isEqualTo("dev.env:3: $(…) would run a command, and an environment file is never run;"
                        + " write the value itself, or in single quotes if meant literally");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A=`id`", "A=\"`id`\"", "A=${N:-`id`}", "A=\"${N:-`id`}\""})
    void backticksAreRefusedAndNotRun(String line) {
        assertThat(refused(line)).startsWith("dev.env:1: `…` would run a command, ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A=a;b", "A=1;", "A=a&b=c", "A=a|b", "A=<a", "A=>a", "A=(a b)", "A=)",
            })
    void whatASeparatesCommandsInAShellIsRefusedOutsideQuotes(String line) {
        assertThat(refused(line))
                .contains("dev.env:1: ", " outside quotes ends a value in a shell; put the value in quotes");
        assertThat(parse(line.replaceFirst("=(.*)$", "='$1'"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A=a b", "A=1 B=2", "A='a' b", "export A B", "A= b c", "set -a b"})
    void textAfterABlankIsRefused(String line) {
        assertThat(refused("X=1\r\n" + line))
                .startsWith("dev.env:2: text after a blank; put a value with blanks in quotes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$$", "\"a$$\"", "$1", "$0", "$9", "$@", "$*", "$#", "\"$?\"", "$-", "$!", "$[1]", "$'a'", "$\"a\""
            })
    void whatOnlyAShellKnowsAfterADollarIsRefused(String value) {
        assertThat(refused("A=" + value)).contains("dev.env:1: $", " means something in a shell only; write \\$");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${}",
                "${1}",
                "${#BASE}",
                "${!BASE}",
                "${BASE%x}",
                "${BASE:=x}",
                "${BASE:?x}",
                "${BASE:}",
                "${BASE:1}",
                "${BASE/x/y}",
                "${BASE x}",
                "${-x}"
            })
    void otherFormsInBracesAreRefused(String value) {
        assertThat(refused("A=" + value))
                .startsWith("dev.env:1: only ${NAME}, ${NAME:-default} and ${NAME:+other} are known");
    }

    @Test
    void aSingleQuoteInABraceInDoubleQuotesIsRefusedSinceShellsDiffer() {
        assertThat(refused("A=\"${N:-it's}\"")).startsWith("dev.env:1: ' in a ${ in double quotes");
        assertThat(parse("A=\"${N:-\"it's\"}\"")).isEqualTo(Map.of("A", "it's"));
    }

    @Test
    void bracesMayNestThirtyTwoDeepAndNoDeeper() {
        assertThat(parse("A=" + "${N:-".repeat(32) + "x" + "}".repeat(32))).isEqualTo(Map.of("A", "x"));
        assertThat(parse("A=" + "${N:-x}".repeat(40))).isEqualTo(Map.of("A", "x".repeat(40)));
        assertThat(refused("A=" + "${N:-".repeat(33) + "x" + "}".repeat(33))).contains("in up to 32 levels");
    }

    @Test
    void aQuoteOrBraceThatStaysOpenIsNamedByTheLineWhereItBegan() {
        assertThat(refused("A=1\nB='x\n\n")).isEqualTo("dev.env:2: ' opens here and is never closed");
        assertThat(refused("A=1\n\nB=x\"y\nC=2\n")).isEqualTo("dev.env:3: \" opens here and is never closed");
        assertThat(refused("A=\"x\\")).isEqualTo("dev.env:1: \" opens here and is never closed");
        assertThat(refused("A=${N:-x\nB=1")).isEqualTo("dev.env:1: ${ opens here and is never closed");
        assertThat(refused("A=\"${N:-x\n")).isEqualTo("dev.env:1: ${ opens here and is never closed");
        assertThat(refused("\nA=${N")).isEqualTo("dev.env:2: ${ opens here and is never closed");
        assertThat(refused("\nA=${N:-\n\"}")).isEqualTo("dev.env:3: \" opens here and is never closed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A=x;\n",
                "A=`\n",
                "A=\"`\n",
                "A=\"\n",
                "A='\n",
                "A=${N:-\"\n}",
                "A=\"${N:-'\n",
                "A=\"${N:-\"\n",
                "A=$(\n",
                "A=$$\n",
                "A=${\n",
                "A=x y\n",
                "A\n",
                "1=\n",
                "A=$BIG\n"
            })
    void aMistakeAtTheEndOfALineIsInThatLine(String text) {
        Map<String, String> base = Map.of("BIG", "x".repeat((1 << 20) + 1));
        ServiceException refusal = catchThrowableOfType(
                ServiceException.class, () -> EnvFile.parse("dev.env", "# one\n" + text + "\n\n", base));
        assertThat(refusal).hasMessageStartingWith("dev.env:2: ");
    }

    @Test
    void aWordThatIsNoAssignmentIsRefused() {
        assertThat(refused("A=1\nfoo\nB=2"))
                .isEqualTo("dev.env:2: not an assignment: foo; write NAME=value, as no command is run");
        assertThat(refused("export")).contains(":1: not an assignment: export;");
        assertThat(refused("export -p")).contains(":1: not an assignment: -p;");
        assertThat(refused("set -e")).contains(":1: not an assignment: set;");
        assertThat(refused("set -o vi")).contains(":1: not an assignment: set;");
        assertThat(refused("echo A=1")).contains(":1: not an assignment: echo;");
        assertThat(refused("unset -a")).contains(":1: not an assignment: unset;");
    }

    @Test
    void aNameThatIsNoneIsRefused() {
        assertThat(refused("\n1A=x"))
                .isEqualTo(
                        "dev.env:2: not a variable name: 1A; a name is of letters, digits and _, and begins with no digit");
        assertThat(refused("A-B=x")).contains("not a variable name: A-B;");
        assertThat(refused("A+=x")).contains("not a variable name: A+;");
        assertThat(refused("export é=x")).contains("not a variable name: é;");
        assertThat(refused("=x")).startsWith("dev.env:1: no name before =;");
    }

    @Test
    void aMessageObeysNoTerminalAndGivesNoSecretAway() {
        assertThat(refused("\u001b[2J")).contains("not an assignment: ?[2J;");
        assertThat(refused("MIIEpAIBAAKCAQEAvSecretSecretSecret"))
                .contains("not an assignment: MIIEpAIBAAKCAQEAvSec…;")
                .doesNotContain("Secret");
        assertThat(refused("exactlytwentyletters")).contains("not an assignment: exactlytwentyletters;");
    }

    @Test
    void aNulIsRefusedWhereverItIs() {
        assertThat(refused("A=1\n# \0")).startsWith("dev.env:2: a NUL character");
        assertThat(refused("\0")).startsWith("dev.env:1: a NUL character");
    }

    @Test
    void aTextLargerThanOneMebiCharactersIsRefused() {
        assertThat(parse("A=" + "x".repeat((1 << 20) - 2)).get("A")).hasSize((1 << 20) - 2);
        assertThat(refused("A=" + "x".repeat((1 << 20) - 1)))
                .isEqualTo("dev.env is larger than 1 MiB; no environment is");
    }

    @Test
    void variablesThatDoubleEachOtherAreRefusedBeforeTheyFillTheMemory() {
        StringBuilder bomb = new StringBuilder("A=xxxxxxxxxxxxxxxx\n");
        for (int i = 0; i < 64; i++) {
            bomb.append("A=$A${A}\n");
        }
        assertThat(refused(bomb.toString())).endsWith(": the variables come to more than 1 MiB");
        String half = "x".repeat(1 << 19);
        assertThat(EnvFile.parse("e", "A=$B$B", Map.of("B", half)).variables()).isEqualTo(Map.of("A", half + half));
    }

    @Test
    void theVariablesCannotBeChanged() {
        assertThat(EnvFile.parse("e", "A=1", Map.of()).variables()).isUnmodifiable();
    }

    @Test
    void aFileIsReadAsUtf8() throws IOException {
        Path file = Files.writeString(directory.resolve("dev.env"), "A=é😀");
        assertThat(EnvFile.read(file, BASE).variables()).isEqualTo(Map.of("A", "é😀"));
    }

    @Test
    void aFileIsReadWithTheBase() throws IOException {
        Path file = Files.writeString(directory.resolve("dev.env"), "A=$BASE");
        assertThat(EnvFile.read(file, BASE).variables()).isEqualTo(Map.of("A", "b"));
    }

    @Test
    void aMistakeInAFileIsNamedByPathAndLine() throws IOException {
        Path file = Files.writeString(directory.resolve("dev.env"), "A=1\nfoo");
        assertThat(unread(file, Reason.INVALID)).startsWith(file + ":2: not an assignment: foo;");
    }

    @Test
    void aMissingFileIsSaidToBeMissing() {
        Path file = directory.resolve("dev.env");
        assertThat(unread(file, Reason.MISSING_FILE))
                .isEqualTo("environment file not found: " + file + "; create it, or name another");
        assertThat(unread(Path.of("no-such.env"), Reason.MISSING_FILE))
                .contains(Path.of("no-such.env").toAbsolutePath().toString());
    }

    @Test
    void aDirectoryOrADeviceIsRefused() {
        assertThat(unread(directory, Reason.MISSING_FILE))
                .isEqualTo("environment file is a directory: " + directory + "; name a file in it");
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "no /dev/null on this system");
        assertThat(unread(device, Reason.MISSING_FILE)).startsWith("environment file is no regular file: /dev/null;");
    }

    @Test
    void aLinkToItselfCannotBeRead() throws IOException {
        Path link = directory.resolve("dev.env");
        Files.createSymbolicLink(link, link);
        assertThat(unread(link, Reason.MISSING_FILE))
                .startsWith("environment file cannot be read: " + link + ": Too many levels of symbolic links");
    }

    @Test
    void aLinkToAFileIsRead() throws IOException {
        Path file = Files.writeString(directory.resolve("plain"), "A=1");
        Path link = Files.createSymbolicLink(directory.resolve("dev.env"), file);
        assertThat(EnvFile.read(link, BASE).variables()).isEqualTo(Map.of("A", "1"));
    }

    @Test
    void aFileWithoutPermissionIsSaidToBeUnreadable() throws IOException {
        assumeFalse("root".equals(System.getProperty("user.name")), "root may read every file");
        Path file = Files.writeString(directory.resolve("dev.env"), "A=1");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assertThat(unread(file, Reason.MISSING_FILE))
                .isEqualTo("environment file cannot be read: " + file + ": permission denied");
    }

    @Test
    void aFileThatIsNotUtf8IsRefusedWithTheLine() throws IOException {
        Path file = Files.write(directory.resolve("dev.env"), "A=1\nB=\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(unread(file, Reason.INVALID)).startsWith(file + ":2: not UTF-8");
        Files.write(file, new byte[] {'A', '=', (byte) 0xc3});
        assertThat(unread(file, Reason.INVALID)).startsWith(file + ":1: not UTF-8");
    }

    @Test
    void aFileLargerThanOneMebibyteIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("dev.env"), "A=" + "é".repeat(1 << 19));
        assertThat(unread(file, Reason.INVALID)).isEqualTo(file + " is larger than 1 MiB; no environment is");
        Files.writeString(file, "A=" + "x".repeat((1 << 20) - 2));
        assertThat(EnvFile.read(file, BASE).variables()).containsOnlyKeys("A");
    }

    private static Map<String, String> parse(String text) {
        return EnvFile.parse("dev.env", text, BASE).variables();
    }

    private static String refused(String text) {
        ServiceException refusal = catchThrowableOfType(ServiceException.class, () -> parse(text));
        assertThat(refusal).as("nothing was refused in %s", text).isNotNull();
        assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
        return requireNonNull(refusal.getMessage());
    }

    private static String unread(Path file, Reason reason) {
        ServiceException refusal = catchThrowableOfType(ServiceException.class, () -> EnvFile.read(file, BASE));
        assertThat(refusal).as("%s was read", file).isNotNull();
        assertThat(refusal.reason()).isEqualTo(reason);
        return requireNonNull(refusal.getMessage());
    }
}
