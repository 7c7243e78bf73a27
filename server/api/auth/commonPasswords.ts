/**
 * What is tried first, as `guessable.ts` compares: small letters, no accents, no spaces. Written for this product after the rankings that are published
 * each year (NordPass "Top 200 Most Common Passwords", world and Brazil; SecLists "10k-most-common", MIT): of those, what has the eight characters
 * that a password needs.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  `1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 zaq12wsx zaq1xsw2 zaq1zaq1 qazwsxedc qazwsx123
  qweasdzxc qweasd123 asdf1234 asdfasdf asdf4321 qwer1234 qwerasdf zxcvbnm123 qwertyui qwerty12345678 1234qwer 123qweasd 12qwaszx 12345qwert
  123456789a a123456789 a1234567 a12345678 aa123456 aa12345678 abc12345 abc123456 abcd1234 abcde12345 abcdef123 123abc123 123456abc 1234abcd 12345abc
  1234567a 12345678a 12345678q 123456qwe 123mudar 123trocar 123senha  147258369 159753159 159357159 741852963 789456123 963852741 951753852
  123454321 123123123a 112233445566 11223344 12344321 13579246 24681012 10203040 1020304050 102030405060 98765432 87654321a 31415926 00000000a
  123321123 123321123321 456123789 123698745 14789632 147852369 1478963250 0102030405 01020304 19841984 20202020 20242024 20252025 20262026
  iloveyou iloveyou1 iloveyou2 iloveyou123 teamo123 euteamo euteamo1 euteamo123 teamomuito amovoce jesuscristo jesusteama jesusmeama deusefiel
  deusefiel1 deusefiel10 deusefiel7 deusnocomando deusnocontrole jesusamor amordaminhavida meuamor1 minhavida minhasenha minhasenha1 senhasenha
  senha123 senha1234 senha12345 senha123456 senha2024 senha2025 senha2026 mudar123 mudar1234 trocar123 brasil123 brasil2024 brasil2025 brasil2026 flamengo corinthians palmeiras
  senhaforte senhasegura senhadificil   trocarsenha mudarsenha semsenha naosei123 naolembro esqueciasenha
  letmein1 letmein123 trustno1 pa55word pa55w0rd     passwd123 password   
            adminadmin rootroot rootroot1
  superuser administrator administrador administracao      welcome1 welcome123 
  football baseball basketball superman spiderman startrek starwars sunshine princess   corvette mercedes midnight maverick
  jennifer michelle jonathan danielle victoria samantha alexander elizabeth patricia charlotte cristiano cristiano7 neymarjr ronaldinho
  blink182 metallica slipknot nirvana1 pokemon1 pokemon123 minecraft fortnite freefire freefire1 naruto123 dragonballz gameover
   liverpool manchester barcelona realmadrid arsenal123 chelsea123 juventus flamengo1981 corinthians1910 palmeiras1914`
    .split(/\s+/)
    .filter(Boolean),
);

/** Rows of keys (QWERTY), its columns, the alphabet and the digits, twice round. */
export const keyboardRuns: readonly string[] = [
  '012345678901234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  'qwertyuiopasdfghjklçzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
];
