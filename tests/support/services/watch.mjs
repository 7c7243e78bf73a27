/** A child with all that it says. */
export function watch(child) {
  const watched = { child, said: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => (watched.said = (watched.said + data).slice(-8_000)));
  watched.exit = new Promise((done) =>
    child.on('exit', (code) => done(code)).on('error', (error) => ((watched.said += error), done(1))),
  );
  return watched;
}
