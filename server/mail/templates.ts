import type { Locale } from '#nodes/sdk/text.js';

/** What each mail needs to know. Tokens go into the fragment of an address: no server and no log ever sees them. */
export interface MailData {
  readonly verify_email: { readonly name: string; readonly token: string };
  readonly reset_password: { readonly name: string; readonly token: string };
  readonly password_changed: { readonly name: string };
  readonly email_changed: { readonly name: string; readonly newEmail: string };
  readonly factor_changed: { readonly name: string; readonly change: keyof typeof factorChanges };
  readonly recovery_code_used: { readonly name: string; readonly left: number };
  readonly mentioned: {
    readonly name: string;
    readonly by: string;
    readonly department: string;
    readonly departmentId: string;
    readonly commentId: string;
    readonly text: string;
  };
  readonly invitation: { readonly inviter: string; readonly organization: string; readonly token: string };
}
export type MailTemplate = keyof MailData;

export interface Words {
  readonly subject: string;
  /** Paragraphs above the button. */
  readonly lines: readonly string[];
  readonly button?: { readonly label: string; readonly path: string };
  /** The small print below. */
  readonly foot: string;
}

type Template<Data> = (data: Data) => Readonly<Record<Locale, Words>>;

const notYou = {
  'pt-BR': 'Se não foi você, é só ignorar este e-mail.',
  en: 'If this was not you, just ignore this e-mail.',
};

const factorChanges = {
  totp_added: {
    'pt-BR': 'Agora sua conta pede também um código do aplicativo pra entrar.',
    en: 'Your account now also asks for a code of your authenticator app when you sign in.',
  },
  totp_removed: {
    'pt-BR': 'Sua conta não pede mais o código do aplicativo pra entrar.',
    en: 'Your account no longer asks for a code of your authenticator app.',
  },
  passkey_added: {
    'pt-BR': 'Uma chave de acesso foi adicionada à sua conta.',
    en: 'A passkey was added to your account.',
  },
  passkey_removed: {
    'pt-BR': 'Uma chave de acesso foi removida da sua conta.',
    en: 'A passkey was removed from your account.',
  },
  recovery_codes: {
    'pt-BR': 'Sua conta tem códigos de recuperação novos. Os antigos não valem mais.',
    en: 'Your account has new recovery codes. The old ones are dead.',
  },
} as const;

const changeAtOnce = {
  'pt-BR': 'Se não foi você, troque a senha agora e confira os aparelhos na sua conta.',
  en: 'If this was not you, change your password now and look at the devices of your account.',
};

export const mailTemplates: { readonly [Name in MailTemplate]: Template<MailData[Name]> } = {
  verify_email: ({ name, token }) => ({
    'pt-BR': {
      subject: 'Confirme seu e-mail',
      lines: [`Oi, ${name}!`, 'Falta só confirmar que este e-mail é seu.'],
      button: { label: 'Confirmar e-mail', path: `/verify#token=${token}` },
      foot: `O link vale por 3 dias. ${notYou['pt-BR']}`,
    },
    en: {
      subject: 'Confirm your e-mail',
      lines: [`Hi, ${name}!`, 'One thing is left: confirm that this e-mail is yours.'],
      button: { label: 'Confirm e-mail', path: `/verify#token=${token}` },
      foot: `The link is good for 3 days. ${notYou.en}`,
    },
  }),
  reset_password: ({ name, token }) => ({
    'pt-BR': {
      subject: 'Crie uma senha nova',
      lines: [`Oi, ${name}!`, 'Você pediu pra trocar a senha. É por aqui:'],
      button: { label: 'Criar senha nova', path: `/reset#token=${token}` },
      foot: `O link vale por 1 hora e só uma vez. ${notYou['pt-BR']}`,
    },
    en: {
      subject: 'Choose a new password',
      lines: [`Hi, ${name}!`, 'You asked to change your password. This is the way:'],
      button: { label: 'Choose a new password', path: `/reset#token=${token}` },
      foot: `The link is good for 1 hour, and once. ${notYou.en}`,
    },
  }),
  password_changed: ({ name }) => ({
    'pt-BR': {
      subject: 'Sua senha foi trocada',
      lines: [`Oi, ${name}!`, 'Sua senha acabou de ser trocada e os outros aparelhos saíram da conta.'],
      foot: 'Se não foi você, peça uma senha nova agora na tela de entrada.',
    },
    en: {
      subject: 'Your password was changed',
      lines: [`Hi, ${name}!`, 'Your password has just been changed, and your other devices were signed out.'],
      foot: 'If this was not you, ask for a new password on the sign-in page now.',
    },
  }),
  email_changed: ({ name, newEmail }) => ({
    'pt-BR': {
      subject: 'O e-mail da sua conta mudou',
      lines: [`Oi, ${name}!`, `Agora você entra com ${newEmail}. Este endereço não serve mais pra entrar.`],
      foot: 'Se não foi você, responda pra quem cuida da sua conta o quanto antes.',
    },
    en: {
      subject: 'The e-mail of your account has changed',
      lines: [`Hi, ${name}!`, `You now sign in with ${newEmail}. This address no longer opens your account.`],
      foot: 'If this was not you, tell whoever looks after your account as soon as you can.',
    },
  }),
  factor_changed: ({ name, change }) => ({
    'pt-BR': {
      subject: 'A segurança da sua conta mudou',
      lines: [`Oi, ${name}!`, factorChanges[change]['pt-BR']],
      foot: changeAtOnce['pt-BR'],
    },
    en: {
      subject: 'The security of your account has changed',
      lines: [`Hi, ${name}!`, factorChanges[change].en],
      foot: changeAtOnce.en,
    },
  }),
  recovery_code_used: ({ name, left }) => ({
    'pt-BR': {
      subject: 'Um código de recuperação foi usado',
      lines: [
        `Oi, ${name}!`,
        `Alguém entrou na sua conta com a senha e um código de recuperação. Códigos que ainda valem: ${left}.`,
      ],
      foot: changeAtOnce['pt-BR'],
    },
    en: {
      subject: 'A recovery code was used',
      lines: [
        `Hi, ${name}!`,
        `Somebody signed in to your account with the password and a recovery code. Codes that are still good: ${left}.`,
      ],
      foot: changeAtOnce.en,
    },
  }),
  mentioned: ({ name, by, department, departmentId, commentId, text }) => ({
    'pt-BR': {
      subject: `${by} chamou você em ${department}`,
      lines: [`Oi, ${name}!`, `${by} deixou um comentário pra você:`, `“${text}”`],
      button: { label: 'Abrir o comentário', path: `/departments/${departmentId}/edit?comment=${commentId}` },
      foot: 'Você recebe este e-mail porque citaram seu nome num comentário.',
    },
    en: {
      subject: `${by} mentioned you in ${department}`,
      lines: [`Hi, ${name}!`, `${by} left a comment for you:`, `“${text}”`],
      button: { label: 'Open the comment', path: `/departments/${departmentId}/edit?comment=${commentId}` },
      foot: 'You get this e-mail because somebody named you in a comment.',
    },
  }),
  invitation: ({ inviter, organization, token }) => ({
    'pt-BR': {
      subject: `${inviter} chamou você pra ${organization}`,
      lines: ['Oi!', `${inviter} quer trabalhar com você em ${organization}.`],
      button: { label: 'Aceitar o convite', path: `/invitation#token=${token}` },
      foot: `O convite vale por 7 dias. ${notYou['pt-BR']}`,
    },
    en: {
      subject: `${inviter} invited you to ${organization}`,
      lines: ['Hi!', `${inviter} would like to work with you at ${organization}.`],
      button: { label: 'Accept the invitation', path: `/invitation#token=${token}` },
      foot: `The invitation is good for 7 days. ${notYou.en}`,
    },
  }),
};
