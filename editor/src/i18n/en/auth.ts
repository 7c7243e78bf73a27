import type { Dictionary } from '../dictionary.js';

export const auth: Dictionary['auth'] = {
  landing: {
    title: 'The bakery closes at seven.',
    title2: 'Its service does not.',
    lead: 'Hire a team that answers on WhatsApp with what your house knows, day and night. And that knows when to call you.',
    create: 'Create account',
    signIn: 'Sign in',
    sample: 'Try with the sample bakery',
    noCard: 'No card',
    before: 'Try it before connecting WhatsApp',
    clock: 'Sunday, 22:47',
    ask: 'Hi! What time do you open tomorrow? And does the cheese bread have lactose?',
    team: 'Customer Service',
    answer: 'Hi! Tomorrow we open at 6. Cheese bread is made with cheese and milk, so yes, it has lactose.',
    source: 'Allergen sheet',
    ask2: 'I need 120 for Saturday, is that OK?',
    turnTime: '2 min',
    turn: 'Rafael wants 120 cheese breads for Saturday. Can you do it?',
    example:
      'A sample conversation: the customer asks, the team answers with its source and calls you for the large order.',
    teachTitle: 'You hire it the way you hire people.',
    teach:
      'The team arrives knowing its trade. You tell it how your house works, it starts today, and you can let it go whenever you like.',
    points: {
      source: {
        title: 'Answers with its source',
        text: 'It speaks only of what it has read in your house: hours, prices, delivery, allergens. When it does not know, it says so.',
      },
      calls: {
        title: 'Knows when to call',
        text: 'An angry customer, an unusual order or someone asking for a person: it hands the conversation over and stays quiet.',
      },
      open: {
        title: 'Hides nothing',
        text: 'Every answer shows its way: step by step, with time and cost. A wall that you can see through.',
      },
    },
    yellow: 'Yellow is your turn.',
    yellowText: 'While all is well the team works and you run the house. When something needs you, it turns yellow.',
  },
  signIn: { title: 'Good to see you again', noAccount: 'No account yet?', create: 'Create account', submit: 'Sign in' },
  register: {
    title: 'Build your team',
    lead: 'It takes a minute. Then you choose who starts.',
    haveAccount: 'Already have an account?',
    submit: 'Create account and choose the team',
  },
  fields: {
    name: 'Your name',
    email: 'E-mail',
    password: 'Password',
    passwordHelp: 'At least 8 characters. A sentence makes a good one.',
    organizationName: 'Business name',
    organizationNameExample: "Lucia's Bread",
    showPassword: 'Show password',
    hidePassword: 'Hide password',
  },
};
