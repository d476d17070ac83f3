package dev.tetra.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** pm2 with an ecosystem file. Its logs are never cut: that is an add-on. */
final class Pm2 implements Supervisor {
    private final String pm2;
    private final Commands commands;
    private final Path home;

    private Pm2(String pm2, Commands commands, Path home) {
        this.pm2 = pm2;
        this.commands = commands;
        this.home = home;
    }

    /** @param pm2 the command */
    static Supervisor.Opener opener(String pm2) {
        return (home, commands, programs) -> {
            Pm2 opened = new Pm2(pm2, commands, home);
            Files.writeString(opened.ecosystem(), json(programs));
            commands.run(List.of(pm2, "ping"));
            return opened;
        };
    }

    private Path ecosystem() {
        return home.resolve("ecosystem.json");
    }

    /** The ecosystem file of programs. */
    static String json(List<Program> programs) {
        StringBuilder apps = new StringBuilder("{\"apps\":[");
        for (Program program : programs) {
            List<String> words = program.words();
            apps.append(apps.charAt(apps.length() - 1) == '[' ? "" : ",")
                    .append("{\"name\":\"")
                    .append(program.name())
                    .append("\",\"script\":\"")
                    .append(words.get(0))
                    .append("\",\"args\":[\"")
                    .append(String.join("\",\"", words.subList(1, words.size())))
                    .append("\"],\"interpreter\":\"none\",\"autorestart\":")
                    .append(program.kept())
                    .append('}');
        }
        return apps.append("]}").toString();
    }

    @Override
    public long start() throws IOException {
        return commands.run(List.of(pm2, "start", ecosystem().toString()));
    }

    @Override
    public long stop() throws IOException {
        return commands.run(List.of(pm2, "stop", "all"));
    }

    @Override
    public void forget() throws IOException {
        commands.run(List.of(pm2, "delete", "all"));
    }

    @Override
    public List<Long> managers() throws IOException {
        return List.of(
                Long.parseLong(Files.readString(home.resolve("pm2/pm2.pid")).strip()));
    }

    @Override
    public List<Long> attendants() {
        return List.of();
    }

    @Override
    public List<Path> log(Program program) {
        return List.of(home.resolve("pm2/logs/" + program.name() + "-out.log"));
    }

    @Override
    public void close() throws IOException {
        commands.run(List.of(pm2, "kill"));
    }
}
