export const auth = {
  landing: {
    title: 'A padaria fecha às sete.',
    title2: 'O atendimento, não.',
    lead: 'Contrate um time que responde no WhatsApp com o que a sua casa sabe, dia e noite. E que sabe a hora de te chamar.',
    create: 'Criar conta',
    signIn: 'Entrar',
    sample: 'Testar com a padaria de exemplo',
    noCard: 'Sem cartão',
    before: 'Testa antes de ligar o WhatsApp',
    clock: 'domingo, 22:47',
    ask: 'Oi! Que horas vcs abrem amanhã? E o pão de queijo tem lactose?',
    team: 'Atendimento',
    answer: 'Oi! Amanhã abrimos às 6h. O pão de queijo leva queijo e leite, então tem lactose, sim.',
    source: 'Ficha de alérgenos',
    ask2: 'Preciso de 120 pra sábado, dá?',
    turnTime: '2 min',
    turn: 'Rafael quer 120 pães de queijo pra sábado. Você confirma?',
    example: 'Exemplo de conversa: o cliente pergunta, o time responde com a fonte e chama você no pedido grande.',
    teachTitle: 'Você contrata como quem contrata gente.',
    teach:
      'O time chega sabendo o ofício. Você conta como a sua casa funciona, ele começa hoje, e dá pra dispensar quando quiser.',
    points: {
      source: {
        title: 'Responde com fonte',
        text: 'Só fala do que leu na sua casa: horário, preço, entrega, alérgeno. Quando não sabe, diz.',
      },
      calls: {
        title: 'Sabe a hora de chamar',
        text: 'Cliente bravo, pedido fora do comum ou alguém pedindo gente: ele passa a conversa e fica quieto.',
      },
      open: {
        title: 'Não esconde nada',
        text: 'Cada resposta mostra o caminho: passo a passo, com tempo e custo. Uma parede que dá pra ver através.',
      },
    },
    yellow: 'Amarelo é a sua vez.',
    yellowText:
      'Enquanto está tudo certo, o time trabalha e você toca a casa. Quando uma coisa precisa de você, ela fica amarela.',
  },
  signIn: {
    title: 'Que bom te ver de novo',
    noAccount: 'Ainda não tem conta?',
    create: 'Criar conta',
    submit: 'Entrar',
  },
  register: {
    title: 'Monte seu time',
    lead: 'Leva um minuto. Depois você escolhe quem começa.',
    haveAccount: 'Já tem conta?',
    submit: 'Criar conta e escolher o time',
  },
  fields: {
    name: 'Seu nome',
    email: 'E-mail',
    password: 'Senha',
    passwordHelp: 'Pelo menos 8 caracteres. Uma frase é boa senha.',
    organizationName: 'Nome do negócio',
    organizationNameExample: 'Pão da Lúcia',
    showPassword: 'Mostrar senha',
    hidePassword: 'Esconder senha',
  },
};
